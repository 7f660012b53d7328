// The REST API as the pages use it. Every failure is an ApiError whose message can be shown as it is.
import { msg } from './i18n.js';
import { learnServerTime } from './time.js';

const TIMEOUT_MS = 15_000;
/** For what goes through many rows or takes a file. */
const LONG_TIMEOUT_MS = 120_000;
const csrfToken = document.querySelector('meta[name="csrf-token"]').content;

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

async function call(method, path, body, patience = TIMEOUT_MS) {
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
    throw new ApiError(response && !response.ok ? response.status : 0, msg('error-network'));
  }
  if (response.ok) return answer;
  if (response.status === 401) dispatchEvent(new CustomEvent('signed-out'));
  throw new ApiError(response.status, explain(response.status, answer), [answer?.message ?? []].flat());
}

function explain(status, answer) {
  if (status === 401) return msg('error-signed-out');
  if (status === 403) return msg('error-forbidden');
  if (status === 404) return msg('error-gone');
  if (status === 429 || status >= 500) return msg('error-busy');
  return [answer?.message ?? msg('error-refused')].flat().join(' ');
}
