import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files below n8n's home that contain a secret: its database, its log and what nodes have stored are among them. */
export const findSecret = (home: string, secret: string): string[] =>
	readdirSync(home, { recursive: true })
		.map((name) => join(home, String(name)))
		.filter((file) => statSync(file).isFile() && readFileSync(file).includes(secret));
