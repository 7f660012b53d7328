import fc from 'fast-check';
import { safeReturnTo } from '../../src/auth/return-to';

const SITE = 'https://moderate.example';

describe('returning to a page of this site', () => {
  it.each([
    '/',
    '/channel/a/queue',
    '/channel/a/queue?type=emoji&q=%2F%2Fx#card-5',
    '/admin/',
    '/login-help',
    '/?q=https://elsewhere.example',
  ])('takes %p as it is', (path) => expect(safeReturnTo(path)).toBe(path));

  it.each([
    undefined,
    null,
    5,
    {},
    ['/a'],
    '',
    'a',
    'channel/a',
    '?a',
    '#a',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/a\\b',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    'https://evil.example',
    'http:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '//user@evil.example',
    '/\u0000',
    '/\u0085',
    `/${'a'.repeat(2_000)}`,
    '/login',
    '/login?returnTo=/login',
    '/Logout',
    '/logout/',
    '/dev-login?username=Admin',
    '/oauth-callback?code=x',
    '/a/../logout',
  ])('takes the front page instead of %p', (wish) => expect(safeReturnTo(wish)).toBe('/'));

  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '//',
      '@',
      ':',
      'evil.example',
      'https:',
      '\t',
      '\n',
      ' ',
      '%2f',
      '%5c',
      '?',
      '#',
      '\u2028',
      '／',
    ),
    fc.string({ unit: 'binary' }),
  );
  const hostile = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`);

  it('never leaves the site, whatever is wished', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.webUrl(), fc.string({ unit: 'binary' })), (wish) => {
        const path = safeReturnTo(wish);
        expect(path).toMatch(/^\/(?!\/|\\)[\x21-\x7e]*$/);
        expect(new URL(path, SITE).origin).toBe(SITE);
        expect(new URL(path, `${SITE}/login`).href).toBe(SITE + path);
        expect(safeReturnTo(path)).toBe(path);
      }),
      { numRuns: 5_000 },
    );
  });
});
