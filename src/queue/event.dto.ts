import { ApiProperty } from '@nestjs/swagger';
import { MessageDto, StatsDto } from './message.dto';

/** Messages that came or changed, each as it is now. */
class MessagesEventDto {
  /** The channel's change number, also the id of the event. */
  @ApiProperty({ type: 'integer', example: 1030 })
  seq!: number;

  @ApiProperty({ type: [MessageDto] })
  messages!: MessageDto[];
}

class StatsEventDto {
  @ApiProperty({ type: 'integer', example: 1030 })
  seq!: number;

  @ApiProperty({ type: StatsDto })
  stats!: StatsDto;
}

class ResetEventDto {
  @ApiProperty({ type: 'integer', example: 1030 })
  seq!: number;
}

class PresentUserDto {
  /** Wikimedia username. */
  @ApiProperty({ example: 'Moderator' })
  username!: string;
}

class PresenceEventDto {
  /** Ordered by username. */
  @ApiProperty({ type: [PresentUserDto] })
  users!: PresentUserDto[];
}

/** The events of the stream by name; in the OpenAPI document under `x-events`, since 3.1 has no place for them. */
export const EVENTS = {
  message: { type: MessagesEventDto, description: 'Messages that arrived and are queued.' },
  decision: { type: MessagesEventDto, description: 'Messages that somebody or a rule decided on, or reconsidered.' },
  stats: { type: StatsEventDto, description: 'How many messages the channel has by status.' },
  presence: {
    type: PresenceEventDto,
    description: 'Who has the queue open, whichever process serves them; without an id.',
  },
  reset: { type: ResetEventDto, description: 'Too much changed to be told: fetch the window again.' },
};
