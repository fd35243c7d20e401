const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// n8n-core writes under the home folder, and logs each error that a test provokes.
const home = mkdtempSync(join(tmpdir(), 'highlevel-home-'));
process.env.N8N_USER_FOLDER = home;
process.env.N8N_LOG_LEVEL = 'silent';
afterAll(() => rmSync(home, { recursive: true, force: true }));
