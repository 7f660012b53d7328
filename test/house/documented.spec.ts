import { checkEvent, checkExchange, type Exchange, takeFaults } from '../support/documented';
import { DOCUMENT, examplesOf, operationsOf } from '../support/openapi';

const CHANNELS = 'http://127.0.0.1/api/v1/channels';
const BLOCKED = `${CHANNELS}/main-hall/blocked-senders`;

const answer = (operationId: string, status: number) =>
  examplesOf(
    operationsOf(DOCUMENT).find(({ operation }) => operation.operationId === operationId)!.operation.responses[status],
  )[0].value as Record<string, unknown>;

function faultsOf(exchange: Partial<Exchange>): string[] {
  const { body = answer('Channels_list', 200), ...rest } = exchange;
  const text = JSON.stringify(body);
  checkExchange({ method: 'GET', url: CHANNELS, status: 200, contentType: 'application/json', body, text, ...rest });
  return takeFaults();
}

const added = { method: 'POST', url: BLOCKED, status: 201, body: answer('Senders_block', 201) };

describe('an answer that the tests get is compared with openapi.json:', () => {
  it('what the document says passes', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ contentType: 'application/json; charset=utf-8' })).toEqual([]);
    expect(faultsOf({ ...added, sent: { messageId: '4711' } })).toEqual([]);
    expect(faultsOf({ status: 401, body: answer('Channels_list', 401) })).toEqual([]);
    expect(faultsOf({ url: `${CHANNELS}/a/b/c`, status: 404, body: answer('Channel_show', 404) })).toEqual([]);
    expect(faultsOf({ url: 'http://127.0.0.1/admin/', contentType: 'text/html', text: '<p>' })).toEqual([]);
  });

  const [channel] = answer('Channels_list', 200).channels as object[];
  const strays: [name: string, exchange: Partial<Exchange>][] = [
    ['another status', { status: 202 }],
    ['a server error', { status: 500 }],
    ['another media type', { contentType: 'text/html' }],
    ['a property that is not described', { body: { channels: [{ ...channel, webhookSecret: 'secret' }] } }],
    ['a property that is missing', { body: {} }],
    ['a property of another type', { body: { channels: [{ ...channel, waiting: '12' }] } }],
    ['a refusal that is no problem', { status: 401, body: { error: 'Unauthorized' } }],
    ['a body where none is described', { method: 'DELETE', url: `${CHANNELS}/main-hall`, status: 204 }],
    ['a body that was taken and is not described', { ...added, sent: { messageId: '4711', reason: 'rude' } }],
    ['a parameter that was taken and is not described', { url: `${CHANNELS}?all=1` }],
    ['a route that is not described', { url: 'http://127.0.0.1/api/v1/secrets' }],
    ['a method that is not described', { method: 'PUT' }],
  ];

  it.each(strays)('%s is a fault', (_name, exchange) => {
    expect(faultsOf(exchange)).not.toEqual([]);
  });

  it('an event of the stream is, too', () => {
    const told = (event: string, data: unknown) => (checkEvent(event, data), takeFaults());
    expect(told('presence', { users: [{ username: 'Moderator' }] })).toEqual([]);
    expect(told('presence', { users: [{ username: 'Moderator', address: '192.0.2.1' }] })).not.toEqual([]);
    expect(told('stats', { seq: 7 })).not.toEqual([]);
    expect(told('gossip', {})).not.toEqual([]);
  });
});
