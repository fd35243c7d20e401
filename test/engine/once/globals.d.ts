/** Loads a module outside Jest, once for all test files of a process. */
declare const requireOnce: NodeJS.Require;
