export { startShared as default } from './sharedN8n';
