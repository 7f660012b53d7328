// The REST API as the pages use it. Every failure is an ApiError whose message can be shown as it is.
import { msg } from './i18n.js';
import { learnServerTime } from './time.js';

const TIMEOUT_MS = 15_000;
/** For what goes through many rows or takes a file. */
const LONG_TIMEOUT_MS = 120_000;
const page = document.querySelector('meta[name="csrf-token"]');
let csrfToken = page.content;

export class ApiError extends Error {
  /** `status` is 0 when no answer came; `problems`: what the server said, one line for each. */
  constructor(status, message, problems = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

export const get = (path) => call('GET', path);
export const post = (path, body = {}) => call('POST', path, body);
export const put = (path, body) => call('PUT', path, body);
export const patch = (path, body) => call('PATCH', path, body);
/** Sends a file as it is, which may take its time. */
export const upload = (path, file) => call('POST', path, file, LONG_TIMEOUT_MS);
export const remove = (path) => call('DELETE', path);
/** Removes what may be much: it is waited for. */
export const removeMany = (path) => call('DELETE', path, undefined, LONG_TIMEOUT_MS);

export const channelUrl = (channel) => `/api/v1/channels/${encodeURIComponent(channel)}`;

export const channelPath = (channel, rest) => `${channelUrl(channel)}/${rest}`;

async function call(method, path, body, patience = TIMEOUT_MS, isRepeated = false) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken;
  const isFile = body instanceof Blob;
  if (body !== undefined) headers['Content-Type'] = isFile ? 'application/jsonl' : 'application/json';

  let response;
  let answer;
  try {
    const signal = AbortSignal.timeout(patience);
    response = await fetch(path, { method, headers, body: isFile ? body : body && JSON.stringify(body), signal });
    learnServerTime(response.headers.get('Date'));
    answer = response.status === 204 ? null : await response.json();
  } catch {
    // A proxy's refusal is no JSON, but its status says enough.
    if (!response || response.ok) throw new ApiError(0, msg('error-network'));
  }
  if (response.status === 401) dispatchEvent(new CustomEvent('signed-out'));
  else dispatchEvent(new CustomEvent('signed-in'));
  if (response.ok) return answer;
  if (response.status === 403 && method !== 'GET' && !isRepeated && (await hasNewToken()))
    return call(method, path, body, patience, true);
  throw new ApiError(response.status, explain(response.status, answer), [answer?.message ?? []].flat());
}

/** Whoever has logged in again, in another tab, has another session and another token; what is typed here need not be lost. */
async function hasNewToken() {
  try {
    const { user, csrfToken: token } = await (await fetch('/api/v1/session')).json();
    if (user?.username !== page.dataset.username || !token || token === csrfToken) return false;
    csrfToken = token;
    return true;
  } catch {
    return false;
  }
}

function explain(status, answer) {
  if (status === 401) return msg('error-signed-out');
  if (status === 403) return msg('error-forbidden');
  if (status === 404) return msg('error-gone');
  if (status === 413) return msg('error-too-large');
  if (status === 429 || status >= 500) return msg('error-busy');
  return [answer?.message ?? msg('error-refused')].flat().join(' ');
}
