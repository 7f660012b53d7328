import type { EntityTarget } from 'typeorm';
import { AllowedSender } from '../entities/allowed-sender.entity';
import { AnonymousSender } from '../entities/anonymous-sender.entity';
import { ApiToken } from '../entities/api-token.entity';
import { BlockedPattern } from '../entities/blocked-pattern.entity';
import { BlockedSender } from '../entities/blocked-sender.entity';
import { ChannelMember } from '../entities/channel-member.entity';
import { ChannelState } from '../entities/channel-state.entity';
import { IntakeMinute } from '../entities/intake-minute.entity';
import { ImportedRow } from '../entities/imported-row.entity';
import { IntakeRefusal } from '../entities/intake-refusal.entity';
import { LogEntry } from '../entities/log-entry.entity';
import { Message } from '../entities/message.entity';
import { Operation } from '../entities/operation.entity';
import { Presence } from '../entities/presence.entity';
import { Simulation } from '../entities/simulation.entity';
import { TakenKey } from '../entities/taken-key.entity';

/** Every table with rows of single channels, for there are no foreign keys that would clear up; a test compares. */
export const CHANNEL_TABLES: readonly EntityTarget<{ channelId: string }>[] = [
  AllowedSender,
  AnonymousSender,
  ApiToken,
  BlockedPattern,
  BlockedSender,
  ChannelMember,
  ChannelState,
  IntakeMinute,
  ImportedRow,
  IntakeRefusal,
  LogEntry,
  Message,
  Operation,
  Presence,
  Simulation,
  TakenKey,
];
