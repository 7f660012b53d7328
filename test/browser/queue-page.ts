import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { signIn } from './browser';

/** A moderator before a queue. */
export class QueuePage {
  private constructor(
    readonly page: Page,
    readonly complaints: string[],
  ) {}

  static async open(
    browser: Browser,
    url: string,
    username: string,
    channelId: string,
    options: BrowserContextOptions = {},
  ): Promise<QueuePage> {
    const { page, complaints } = await signIn(browser, url, username, options);
    await page.goto(`/channel/${channelId}/queue`);
    await page.locator('[data-live][data-state="live"]').waitFor();
    return new QueuePage(page, complaints);
  }

  /** The name on the current card; null when there is none. */
  async current(): Promise<string | null> {
    const name = this.page.locator('.card.is-current .card__name');
    return (await name.count()) === 0 ? null : name.textContent();
  }

  /** Pixels from the top of the screen to the current card. */
  async currentTop(): Promise<number> {
    const box = await this.page.locator('.card.is-current').boundingBox();
    return Math.round(box?.y ?? Number.NaN);
  }

  /** What stands on the current card beside the message: who decided it, or what went wrong. */
  currentNote = () => this.textOf('.card.is-current .card__note');
  toast = () => this.textOf('.toast__text');
  /** Such as `3 of 28`. */
  place = () => this.textOf('[data-place]');
  newer = () => this.textOf('[data-newer]:not([hidden])');
  waiting = () => this.textOf('[data-waiting]');

  names = () => this.page.locator('.card .card__name').allTextContents();
  cards = () => this.page.locator('.card').count();
  press = (key: string) => this.page.keyboard.press(key);

  /** Sets the focus slider as a pull with the mouse does. */
  async focusAt(percent: number): Promise<void> {
    await this.page.locator('[data-focus]').fill(String(percent));
    await this.page.locator('[data-focus]').blur();
  }

  /**
   * Presses a key at the very moment when the card that somebody else decided is marked as leaving, or when it has left:
   * from here, over the wire, the moment would be missed on a busy machine. Ask before it happens.
   */
  pressWhen(moment: 'leaving' | 'left', key: string): Promise<unknown> {
    return this.page.evaluate(`new Promise((done) => {
      let wasLeaving = false;
      const observer = new MutationObserver(() => {
        const isLeaving = document.querySelector('.card.is-leaving') !== null;
        wasLeaving ||= isLeaving;
        if (!wasLeaving || isLeaving !== ${moment === 'leaving'}) return;
        observer.disconnect();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true }));
        done();
      });
      observer.observe(document.querySelector('[data-feed]'), { childList: true, subtree: true, attributes: true });
    })`);
  }

  close = () => this.page.context().close();

  /** Without the isolates around names, which nobody sees. */
  private async textOf(selector: string): Promise<string> {
    const texts = await this.page.locator(selector).allTextContents();
    return texts
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[\u2068\u2069]/g, '');
  }
}
