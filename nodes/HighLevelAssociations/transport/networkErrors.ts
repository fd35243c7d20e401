/** Network errors before HighLevel can have received anything, in words. */
const NOT_SENT: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'host name not found',
	EAI_AGAIN: 'DNS lookup failed',
	EHOSTUNREACH: 'no route to host',
	ENETUNREACH: 'no route to host',
	EPROTO: 'a secure connection could not be made',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate could not be verified',
	UNABLE_TO_GET_ISSUER_CERT: 'its certificate could not be verified',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate could not be verified',
	CERT_UNTRUSTED: 'its certificate could not be verified',
	CERT_NOT_YET_VALID: 'its certificate is not valid yet',
	CERT_REVOKED: 'its certificate was revoked',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
	ERR_INVALID_CHAR: 'the request contains a character that cannot be sent',
	ERR_INVALID_URL: 'the address is invalid',
};

/** Those of them that may pass. */
const TRANSIENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Why HighLevel could not be reached; undefined if the request may have been received. */
export const findNotSentReason = (code: string): string | undefined => NOT_SENT[code];

/** Whether a later attempt may succeed. */
export const isTransientError = (code: string): boolean =>
	!(code in NOT_SENT) || TRANSIENT.includes(code);

/** Whether no response came in time; the engine's own time-out has the first code. */
export const isTimeout = (code: string): boolean => ['ECONNABORTED', 'ETIMEDOUT'].includes(code);
