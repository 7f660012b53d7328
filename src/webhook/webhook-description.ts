import type { ApiHeaderOptions } from '@nestjs/swagger';

/** What the OpenAPI document says of the webhook, beyond its fields. */
export const RECEIVE_DESCRIPTION = [
  'Answered after the message is durable. The sender proves itself by the signature, over the bytes of the body as they are sent.',
  'Checked in this order: 413 too large, 404 channel, 403 signature, 400 body, 400 timestamp.',
  'What can be salvaged is kept: an optional field of the wrong type is dropped, one that is too long is cut, keys that are not known are ignored. Text and questions need a `message` that is not blank, and `message_id` or `timestamp`; a reaction needs its symbol.',
  'A message that was taken once is a `duplicate` for ever. Requests are limited only by what the server as a whole can hold; then it answers 503 with Retry-After.',
].join('\n\n');

export const EVENT_EXAMPLES = {
  text: {
    summary: 'A text',
    value: {
      message_id: 4711,
      channel: '550e8400-e29b-41d4-a716-446655440000',
      timestamp: '2026-08-05T09:30:00.123456+00:00',
      screen_name: 'Alice',
      sender_id: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f',
      centralauth_id: 12345678,
      centralauth_username: 'Alice (WMDE)',
      message: 'Great talk so far!',
      message_type: 'text',
      profile_img: null,
      user_language: 'en',
      meta: {},
    },
  },
  question: {
    summary: 'A question, with the least there has to be',
    value: { message_id: 4712, message: 'Will the slides be published?', message_type: 'qa' },
  },
  reaction: {
    summary: 'A reaction to the text',
    value: {
      message_id: 4711,
      message: 'Great talk so far!',
      message_type: 'emoji',
      sender_id: '0d5a7c1e-8a4f-4a55-9a0e-6f1f2b3c4d5e',
      meta: { target_message_id: 4711, reaction: '👍', action: 'add' },
    },
  },
};

/** With the secret and the body of the header's description; a test computes it. */
const EXAMPLE_SIGNATURE = 'sha256=406626148293bb7cff5fab607f6f39baadbf1192ce40a6516850573f103e01f8';

export const SIGNATURE_HEADER: ApiHeaderOptions = {
  name: 'X-Eventyay-Signature',
  required: true,
  description:
    '`sha256=` and 64 lower-case hexadecimal digits: the HMAC-SHA256 (RFC 2104) of the raw body, byte by byte as it is sent, with the channel’s `webhookSecret` in UTF-8 as the key; the secret is used as the text it is, not decoded.\n\n' +
    'With the secret `c2VjcmV0LWV4YW1wbGUtc2VjcmV0LWV4YW1wbGUtMDE` the body `{"message":"Hello","message_id":1}` is signed as the example shows.',
  schema: { type: 'string', pattern: '^sha256=[0-9a-f]{64}$' },
  example: EXAMPLE_SIGNATURE,
};
