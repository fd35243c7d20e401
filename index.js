/** What `require('n8n-nodes-highlevel-associations')` gives: the credential and node classes. n8n itself reads package.json. */
const {
	HighLevelAssociationsOAuth2Api,
} = require('./dist/credentials/HighLevelAssociationsOAuth2Api.credentials.js');
const {
	HighLevelPrivateIntegrationApi,
} = require('./dist/credentials/HighLevelPrivateIntegrationApi.credentials.js');
const {
	HighLevelWebhookHeaderApi,
} = require('./dist/credentials/HighLevelWebhookHeaderApi.credentials.js');
const {
	HighLevelAssociations,
} = require('./dist/nodes/HighLevelAssociations/HighLevelAssociations.node.js');
const {
	HighLevelAssociationsTrigger,
} = require('./dist/nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node.js');

module.exports = {
	HighLevelAssociationsOAuth2Api,
	HighLevelPrivateIntegrationApi,
	HighLevelWebhookHeaderApi,
	HighLevelAssociations,
	HighLevelAssociationsTrigger,
};
