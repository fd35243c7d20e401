/** A failure that the user can do something about: its message is the sentence they read, without a stack trace. */
class Problem extends Error {}

module.exports = { Problem };
