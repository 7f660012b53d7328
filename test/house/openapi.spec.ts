import { faultsOf } from '../support/document-rules';
import { DOCUMENT, examplesOf, type OpenApi, operationsOf } from '../support/openapi';
import { sign } from '../support/signature';

describe('openapi.json', () => {
  it('describes every operation in full: words, role, credentials, parameters, examples that fit, and every refusal', () => {
    expect(operationsOf(DOCUMENT).length).toBeGreaterThan(40);
    expect(faultsOf(DOCUMENT)).toEqual([]);
  });

  it('signs its example as it says that one signs', () => {
    const { operation } = operationsOf(DOCUMENT).find((place) => place.operation.operationId === 'Webhook_receive')!;
    const header = operation.parameters!.find(({ name }) => name === 'X-Eventyay-Signature')!;
    const [, secret, body] = /secret `([^`]+)` the body `([^`]+)`/.exec(header.description!)!;
    expect(header.example).toBe(sign(secret, Buffer.from(body)));
  });
});

describe('that the document lacks something is found:', () => {
  type Damage = (document: OpenApi) => void;
  const show = (document: OpenApi) => document.paths['/api/v1/channels/{channelId}'].get;
  const decide = (document: OpenApi) =>
    document.paths['/api/v1/channels/{channelId}/messages/{messageId}/decisions'].post;

  const damages: [name: string, damage: Damage][] = [
    ['a description', (document) => (show(document).description = '')],
    [
      'an operation',
      (document) => delete (document.paths['/api/v1/channels'] as Partial<OpenApi['paths'][string]>).get,
    ],
    ['the role', (document) => delete show(document)['x-role']],
    ['the right role', (document) => (show(document)['x-role'] = 'admin')],
    ['the right role in words', (document) => (show(document).description = 'Role: admin. Shows it.')],
    ['the CSRF header', (document) => delete decide(document).security![0].csrf],
    ['the scope', (document) => (decide(document).security![1].token = ['admin'])],
    ['a refusal', (document) => delete decide(document).responses[413]],
    [
      'an example of a refusal',
      (document) => delete decide(document).responses[404].content!['application/json'].example,
    ],
    ['the media type of a refusal', (document) => (decide(document).responses[404].content = { 'text/plain': {} })],
    [
      'an example of an answer',
      (document) => delete show(document).responses[200].content!['application/json'].example,
    ],
    ['an example that fits', (document) => delete document.components.schemas.ChannelDetailsDto.required],
    ['an example of a parameter', (document) => delete decide(document).parameters![0].example],
    [
      'an example of a request',
      (document) => delete decide(document).requestBody!.content!['application/json'].examples,
    ],
    ['the dialect of 3.1', (document) => (document.components.schemas.MessageDto.nullable = true)],
  ];

  it.each(damages)('%s', (name, damage) => {
    const document = structuredClone(DOCUMENT);
    damage(document);
    if (name === 'an example that fits') makeUnfit(document);
    expect(faultsOf(document)).not.toEqual([]);
  });

  function makeUnfit(document: OpenApi): void {
    const [example] = examplesOf(show(document).responses[200]);
    (example.value as { waiting: unknown }).waiting = 'many';
  }
});
