import { LONGEST_SILENCE_MS, MAX_EVENTS, readRecording } from '../../src/admin/simulation/recording';
import { Reenactment } from '../../src/admin/simulation/reenactment';
import { event, eventyayBytes, reaction } from '../support/http';

const BEGAN = Date.UTC(2026, 7, 5, 9, 30);
const said = (seconds: number, more = {}) =>
  event({ timestamp: new Date(BEGAN + seconds * 1_000).toISOString(), ...more });
const lines = (...events: object[]) => events.map((each) => eventyayBytes(each).toString()).join('\n');
const times = async (text: string) => (await readRecording(text)).map(({ at }) => at);
const id = (value: object) => (value as { message_id: unknown }).message_id;

describe('A recording', () => {
  test('is played with the gaps that it had', async () => {
    expect(await times(lines(said(0), said(1.5), said(1.5), said(4)))).toEqual([0, 1_500, 1_500, 4_000]);
  });

  test('may have blank lines, a byte order mark, and the line ends of Windows', async () => {
    const text = `\ufeff\r\n${lines(said(0))}\r\n\r\n  \n${lines(said(2))}\r\n`;
    expect(await times(text)).toEqual([0, 2_000]);
  });

  test('may say when each was received, which is what counts', async () => {
    const late = { receivedAt: '2026-08-05T10:00:03Z', body: said(0) };
    expect(await times(lines({ receivedAt: '2026-08-05T10:00:00Z', body: said(900) }, late))).toEqual([0, 3_000]);
  });

  test('has long silences shortened, and never goes back', async () => {
    expect(await times(lines(said(0), said(3_600), said(3_000), said(3_601)))).toEqual([
      0,
      LONGEST_SILENCE_MS,
      LONGEST_SILENCE_MS,
      LONGEST_SILENCE_MS + 1_000,
    ]);
  });

  test('has reactions come with the line before, for their time is that of the message reacted to', async () => {
    const target = said(0);
    expect(await times(lines(target, said(5), reaction(target, '👍'), said(6)))).toEqual([0, 5_000, 5_000, 6_000]);
    expect(await times(lines(reaction(said(-9_000), '👍'), target))).toEqual([0, 0]);
  });

  test.each([
    ['no JSON', 'nonsense', 'line 2 is no valid JSON'],
    ['a list', '[]', 'line 2 is no JSON object'],
    ['a wrapped text', '{"body":"x"}', 'line 2 has a body that is no JSON object'],
    ['a time in words', lines(said(0, { timestamp: 'yesterday' })), 'line 2 has a timestamp that is no ISO 8601'],
    ['a numeric receivedAt', '{"receivedAt":5,"body":{}}', 'line 2 has a receivedAt that is no ISO 8601'],
    ['more than a webhook takes', lines({ message: 'x'.repeat(70_000) }), 'line 2 is longer than a webhook body'],
  ])('with %s is refused, naming the line', async (_, line, problem) => {
    await expect(readRecording(`${lines(said(0))}\n${line}\n${lines(said(1))}`)).rejects.toThrow(problem);
  });

  test('without events, or with too many, is refused', async () => {
    await expect(readRecording(' \n\n')).rejects.toThrow('recording has no events');
    const most = '{}\n'.repeat(MAX_EVENTS);
    expect(await readRecording(most)).toHaveLength(MAX_EVENTS);
    await expect(readRecording(`${most}{}`)).rejects.toThrow(`at most ${MAX_EVENTS} events`);
  });
});

describe('Happening again', () => {
  const NOW = BEGAN + 7 * 24 * 3_600_000;
  let made = 0;
  const again = () => {
    const reenactment = new Reenactment(() => ++made);
    return (body: object, now = NOW) => reenactment.event(lines(body), now);
  };

  test('an event has an id of its own and the time of sending, and is otherwise what it was', () => {
    const body = said(0, { message: 'As it was', meta: { a: [1] } });
    const sent = again()(body);
    expect(sent).toEqual({
      ...body,
      message_id: made,
      timestamp: new Date(NOW).toISOString().replace('Z', '000+00:00'),
    });
    expect(again()({ receivedAt: null, body })).toEqual({ ...sent, message_id: made });
  });

  test('twice the same is a duplicate again, and in the next replay it is neither', () => {
    const body = said(0, { message_id: 5 });
    const [first, second] = [again(), again()];
    const sent = first(body);
    expect(id(first({ ...body, message_id: '5' }))).toBe(id(sent));
    expect(id(second(body))).not.toBe(id(sent));
  });

  test('a reaction goes on meaning its message, and says when that was sent', () => {
    const replay = again();
    const target = said(0);
    const sent = replay(target, NOW) as { message_id: number; timestamp: string };
    expect(replay(reaction(target, '👍'), NOW + 60_000)).toMatchObject({
      message_id: sent.message_id,
      timestamp: sent.timestamp,
      meta: { target_message_id: sent.message_id, reaction: '👍', action: 'add' },
    });
  });

  test('two reactions to a message that was not recorded mean the same message', () => {
    const replay = again();
    const target = said(0);
    const [one, two] = ['👍', '🎉'].map((symbol) => replay(reaction(target, symbol)));
    expect(id(one)).toBe(id(two));
    expect(id(one)).not.toBe(id(target));
  });

  test('what was no id stays none', () => {
    for (const none of [null, '', true, {}]) expect(id(again()({ message: 'x', message_id: none }))).toEqual(none);
  });
});
