import { isObject, type Json } from './json';

/** Who may use an operation, as its `x-role` says. */
export type DocumentedRole = 'anybody' | 'signed-in' | 'moderator' | 'admin' | 'superadmin';

const SENTENCES: Record<DocumentedRole, string> = {
  anybody: 'Role: anybody.',
  'signed-in': 'Role: signed-in, whoever that is.',
  moderator: 'Role: moderator of the channel, or more.',
  admin: 'Role: admin of the channel, or superadmin.',
  superadmin: 'Role: superadmin.',
};

/** The description with the role in words; one that says more of it by itself stays as it is. */
export function withRole(description: string, role: DocumentedRole): string {
  if (description.includes('Role: ')) return description;
  return `${SENTENCES[role]} ${description}`.trim();
}

/** With a session whatever changes something needs the CSRF header too; a browser never sends an API token by itself. */
export function withCsrf(security: Json | undefined, method: string): Json {
  if (!Array.isArray(security)) return [];
  return security.map((one) => (method !== 'get' && isObject(one) && 'session' in one ? { ...one, csrf: [] } : one));
}
