import { CONFIDENCE, languageOf, LanguageSettings } from '../../src/moderation/language';
import { CHAT_LINES } from './chat-lines';

const NOBODY = 'xx';
const on = (likely: string[] = [], fallback = 'en'): LanguageSettings => ({
  detection: true,
  likely,
  default: fallback,
});
const text = (line: string, userLanguage: string | null = null) => ({
  type: 'text' as const,
  text: line,
  userLanguage,
});
const SIXTEEN = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ru', 'ar', 'ja', 'zh', 'hi', 'tr', 'uk', 'he'];

describe('languageOf', () => {
  describe.each([
    ['no likely languages', []],
    ['two', ['en', 'de']],
    ['five', ['en', 'de', 'fr', 'es', 'pt']],
    ['sixteen', SIXTEEN],
  ])('as measured, with %s', (_, likely) => {
    const told = Object.entries(CHAT_LINES).flatMap(([language, lines]) =>
      lines.map((line) => ({ language, line, told: languageOf(text(line), on(likely, NOBODY)) })),
    );
    const inSome = told.filter(({ language }) => language !== '-');

    it('tells most lines right', () => {
      expect(inSome.filter(({ language, told }) => told === language).length).toBeGreaterThanOrEqual(120);
    });

    it('tells next to none wrong', () => {
      const wrong = inSome.filter(({ language, told }) => told !== language && told !== NOBODY);
      expect(wrong.length).toBeLessThanOrEqual(3);
    });

    it('finds no language in next to all lines that are in none', () => {
      const found = told.filter(({ language, told }) => language === '-' && told !== NOBODY);
      expect(found.length).toBeLessThanOrEqual(1);
    });
  });

  it('counts from a confidence of 0.7', () => {
    expect(CONFIDENCE).toBe(0.7);
  });

  it('prefers the detector, then the language of the sender, then that of the channel', () => {
    expect(languageOf(text('Wird das aufgezeichnet?', 'fr'), on())).toBe('de');
    expect(languageOf(text('LGTM', 'fr'), on())).toBe('fr');
    expect(languageOf(text('LGTM'), on([], 'sw'))).toBe('sw');
  });

  it('detects nothing while detection is off', () => {
    const off = { detection: false, likely: [], default: 'en' };
    expect(languageOf(text('Wird das aufgezeichnet?', 'fr'), off)).toBe('fr');
    expect(languageOf(text('Wird das aufgezeichnet?'), off)).toBe('en');
  });

  it('gives questions a language and reactions none', () => {
    expect(languageOf({ type: 'qa', text: 'Wird das aufgezeichnet?', userLanguage: null }, on())).toBe('de');
    expect(languageOf({ type: 'emoji', text: '👍', userLanguage: 'de' }, on())).toBeNull();
  });

  it("keeps the region of the sender's setting, and takes a likely language's as the language", () => {
    expect(languageOf(text('+1', 'pt-BR'), on())).toBe('pt-BR');
    expect(languageOf(text('Onde estão os slides?'), on(['pt-BR', 'es']))).toBe('pt');
    expect(languageOf(text('+1', 'und'), on([], 'en'))).toBe('en');
  });

  it('lets a likely language decide between close ones, and never hides a certain other', () => {
    const line = 'Tak for foredraget';
    expect(languageOf(text(line), on(['da', 'en'], NOBODY))).toBe('da');
    expect(languageOf(text('ขอบคุณมากครับ'), on(['en', 'de']))).toBe('th');
  });

  it('does as without likely languages when it knows none of them', () => {
    expect(languageOf(text('Wird das aufgezeichnet?'), on(['tlh', 'und', '', 'qqq']))).toBe('de');
  });

  it.each([[[]], [['tlh', 'vo']], [['en', 'de']]])('finds no Klingon, with %j likely', (likely) => {
    expect(languageOf(text("nuqneH tlhIngan Hol Dajatlh'a'"), on(likely, NOBODY))).not.toBe('tlh');
  });

  it('looks at words only', () => {
    for (const line of [
      '@550e8400-e29b-41d4-a716-446655440000',
      'https://example.org/das-ist-eine-deutsche-adresse',
      'xDDD',
      'haha hahahah',
    ]) {
      expect(languageOf(text(line), on([], NOBODY))).toBe(NOBODY);
    }
  });

  it('answers for the longest text, and for one that ends in half a pair', () => {
    expect(languageOf(text('Wird das aufgezeichnet? '.repeat(2_700)), on())).toBe('de');
    expect(languageOf(text(`${'a '.repeat(149)}a\u{1F600}`), on([], NOBODY))).toEqual(expect.any(String));
  });
});
