import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export const OUTCOMES = ['queued', 'approved', 'duplicate', 'dropped', 'ignored'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export class ReceiptDto {
  @ApiProperty({ example: true })
  ok!: boolean;

  /** What became of the message. */
  @ApiProperty({ enum: OUTCOMES, example: 'queued' })
  outcome!: Outcome;
}

export class ChallengeAnswerDto {
  /** The challenge as it was sent. */
  @ApiProperty({ example: '3kT9vQ' })
  challenge!: string;
}

/** What Eventyay sends; documentation only, for moderation/message.ts reads the bytes and salvages what it can. */
export class ChatEventDto {
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'integer' }],
    example: 4711,
    description: 'For a reaction the id of the message reacted to.',
  })
  message_id?: string | number;

  @ApiPropertyOptional({
    type: 'string',
    example: '550e8400-e29b-41d4-a716-446655440000',
    description: "Eventyay's own channel id; recorded, not compared.",
  })
  channel?: string;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    example: '2026-08-05T09:30:00.123456+00:00',
    description: 'ISO 8601; without a zone it is UTC.',
  })
  timestamp?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, example: 'Alice' })
  screen_name?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    example: 'Great talk so far!',
    description: 'Required for text and questions. For a reaction the text of the message reacted to: never shown.',
  })
  message?: string;

  @ApiPropertyOptional({
    type: 'string',
    example: 'text',
    description:
      'text, message, channel.message; emoji, reaction, event.reaction; qa, question. Anything else is text.',
  })
  message_type?: string;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }],
    example: 'b8f0c1de-4b1c-4a77-9f2e-2f0a3d1c5e6f',
  })
  sender_id?: string | number | null;

  @ApiPropertyOptional({ oneOf: [{ type: 'integer' }, { type: 'string' }, { type: 'null' }], example: 12345678 })
  centralauth_id?: number | string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, example: 'Alice (WMDE)' })
  centralauth_username?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, example: null })
  profile_img?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, example: 'pt-BR' })
  user_language?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { target_message_id: 4711, reaction: '👍', action: 'add' },
    description: 'For a reaction: target_message_id, reaction (the symbol), action (add or remove).',
  })
  meta?: Record<string, unknown>;
}
