import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's Chromium; the one without a window of its own takes half the time. */
const CHROMIUM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync);
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-gpu-rasterization',
  '--disable-software-rasterizer',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A suite that needs a browser; without one the suite is skipped and named. */
export const describeInBrowser = CHROMIUM ? describe : describe.skip;

export const openBrowser = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

export interface SignedIn {
  page: Page;
  /** Everything the browser complained of, a refused inline style or a failed request among it. */
  complaints: string[];
}

/** A browser profile of its own, in which `username` has signed in by the development login. */
export async function signIn(
  browser: Browser,
  url: string,
  username: string,
  options: BrowserContextOptions = {},
): Promise<SignedIn> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, baseURL: url, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`/dev-login?username=${encodeURIComponent(username)}`);
  return { page, complaints };
}

const PATIENCE_MS = 10_000;

/** Waits until `look` answers `expected`, and fails with what it answered last. */
export async function eventually<T>(look: () => Promise<T>, expected: unknown): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    try {
      expect(seen).toEqual(expected);
      return;
    } catch (error) {
      if (Date.now() > giveUp) throw error;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }
}
