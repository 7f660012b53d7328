import { csrfSync } from 'csrf-sync';
import type { Request } from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';

const { generateToken, getTokenFromRequest, getTokenFromState } = csrfSync({
  size: 32,
  getTokenFromRequest: (request) => request.headers['x-csrf-token']?.toString() ?? fieldOf(request),
});

/** Gives the request's session a new token. */
export function giveToken(request: Request): void {
  generateToken(request, true);
}

export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Why a request that changes something is not to be trusted with its session cookie; null when it is. */
export function csrfProblem(request: Request, publicUrl: string): string | null {
  if (!comesFromHere(request, publicUrl)) return 'The request comes from another site.';
  if (!hasToken(request)) return 'The CSRF token is missing or out of date. Load the page again and repeat.';
  return null;
}

/** Whether the request carries its session's token. */
function hasToken(request: Request): boolean {
  const given = getTokenFromRequest(request);
  const wanted = getTokenFromState(request);
  return typeof given === 'string' && typeof wanted === 'string' && sameText(given, wanted);
}

/**
 * Whether the page that sends a request is one of ours, as far as the browser says. Our own host counts as well as the
 * public address, for the server may be reached by another name, such as a port forward.
 */
function comesFromHere(request: Request, publicUrl: string): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const sender = new URL(origin);
  return sender.origin === new URL(publicUrl).origin || sender.host === host?.toLowerCase();
}

/** Compares without telling by its time where the texts differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function fieldOf(request: Request): string | undefined {
  const body: unknown = request.is('application/x-www-form-urlencoded') ? request.body : undefined;
  const field = (body as { csrfToken?: unknown } | undefined)?.csrfToken;
  return typeof field === 'string' ? field : undefined;
}
