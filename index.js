/** What `require('n8n-nodes-highlevel-associations')` gives: the node and credential classes. n8n itself reads the paths in package.json. */
module.exports = {
	...require('./dist/credentials/HighLevelPrivateIntegrationApi.credentials.js'),
	...require('./dist/nodes/HighLevelAssociations/HighLevelAssociations.node.js'),
};
