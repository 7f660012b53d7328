import { describeOnOneServer } from '../support/databases';
import { event, reaction } from '../support/http';
import { onStage, TestChannel } from '../support/intake';

const GERMAN = 'Wo finde ich die Folien von dem Vortrag heute Morgen?';
const FRENCH = 'Où est-ce que je peux trouver les diapositives ?';
/** Written alike in many languages: the detector cannot be sure. */
const UNTELLABLE = 'lol 12:30';

describeOnOneServer('The language of a message', (kind) => {
  const stage = onStage(kind);

  async function languages(channel: TestChannel, payloads: Record<string, unknown>[]): Promise<(string | null)[]> {
    const before = (await channel.messages()).length;
    for (const payload of payloads) await channel.outcome(event(payload));
    return (await channel.messages()).slice(before).map(({ language }) => language);
  }

  test('without detection is what the sender’s client is set to, else the default', async () => {
    const channel = await TestChannel.create(stage.admin);
    const payloads = [
      { message: GERMAN, user_language: 'pt_BR' },
      { message: GERMAN, user_language: null },
      { message: GERMAN, user_language: 'not a language' },
      { message: GERMAN, user_language: 5, message_type: 'qa' },
      { message: UNTELLABLE, user_language: 'zh-hant-TW' },
    ];
    expect(await languages(channel, payloads)).toEqual(['pt-BR', 'en', 'en', 'en', 'zh-Hant-TW']);
    await channel.set({ defaultLanguage: 'nl' });
    expect(await languages(channel, payloads)).toEqual(['pt-BR', 'nl', 'nl', 'nl', 'zh-Hant-TW']);
  });

  test('with detection is what it is written in, as far as that can be told', async () => {
    const channel = await TestChannel.create(stage.admin, { languageDetection: true, defaultLanguage: 'nl' });
    const payloads = [
      { message: GERMAN, user_language: 'pt-BR' },
      { message: FRENCH, message_type: 'question' },
      { message: 'これはとても面白いです' },
      { message: 'هل الشرائح متاحة؟' },
      { message: UNTELLABLE, user_language: 'pt-BR' },
      { message: UNTELLABLE },
      { message: '👍 🙏', user_language: 'fi' },
    ];
    expect(await languages(channel, payloads)).toEqual(['de', 'fr', 'ja', 'ar', 'pt-BR', 'nl', 'fi']);
    await channel.set({ likelyLanguages: ['de', 'pt-BR'] });
    expect(await languages(channel, payloads.slice(0, 1))).toEqual(['de']);
    await channel.set({ languageDetection: false });
    expect(await languages(channel, payloads.slice(0, 2))).toEqual(['pt-BR', 'nl']);
  });

  test('of a reaction is none, and changes nothing about what becomes of a message', async () => {
    const channel = await TestChannel.create(stage.admin, { languageDetection: true });
    const text = event({ message: GERMAN });
    expect(await channel.outcome(text)).toBe('queued');
    expect(await channel.outcome(reaction(text, '👍', { user_language: 'de' }))).toBe('queued');
    expect((await channel.messages()).map(({ language }) => language)).toEqual(['de', null]);
    const { body } = await stage.admin.get(`/api/v1/channels/${channel.id}/messages?lang=de`);
    expect(body).toMatchObject({ total: 1, messages: [{ text: GERMAN }] });
  });
});
