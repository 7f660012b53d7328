import { applyDecorators, Controller, Get, Param, Req, StreamableFile, Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';
import { Access } from '../auth/access';
import { Refuses } from '../problem.dto';
import { download, type MayStill } from './downloads';
import { ExportService } from './export.service';
import { LogEntryDto } from './log.dto';
import { ExportedMessageDto } from './message.dto';
import { StreamRights } from './stream-rights';

const CSV = 'text/csv';
const JSON_LINES = 'application/jsonl';

/** Documents a file. @param line what each line of it is, where that is JSON */
function answers(type: string, summary: string, description: string, example: string, line?: Type) {
  const schema = line
    ? { type: 'string', contentMediaType: type, contentSchema: { $ref: getSchemaPath(line) } }
    : { type: 'string' };
  return applyDecorators(
    ApiOperation({ summary, description: `${description} Oldest first. Role: admin.` }),
    ApiProduces(type),
    ApiOkResponse({ description: 'The file.', content: { [type]: { schema, example } } }),
  );
}

const EACH_MESSAGE = 'Every message that is kept, as it is now; one JSON object a line.';
const EACH_DECISION = 'Every entry of the moderation log; one JSON object a line.';
const IN_CSV =
  'The same as CSV for spreadsheets, with a byte order mark; before what looks like a formula stands an apostrophe.';

/** A channel's content as files, to be kept before it is archived, erased or deleted. */
@ApiTags('Life cycle')
@ApiExtraModels(ExportedMessageDto, LogEntryDto)
@Controller('api/v1/channels/:channelId/export')
@Access('admin')
@Refuses(401, 403, 404)
export class ExportController {
  constructor(
    private readonly files: ExportService,
    private readonly rights: StreamRights,
  ) {}

  @Get('messages.jsonl')
  @answers(
    JSON_LINES,
    'Export messages as JSON Lines',
    EACH_MESSAGE,
    '{"id":"4711","text":"Great talk so far!"}\n',
    ExportedMessageDto,
  )
  async messages(@Param('channelId') channelId: string, @Req() request: Request): Promise<StreamableFile> {
    return download(
      await this.files.messagesAsJsonLines(channelId, this.mayStill(channelId, request)),
      JSON_LINES,
      `${channelId}-messages.jsonl`,
    );
  }

  @Get('messages.csv')
  @answers(CSV, 'Export messages as CSV', IN_CSV, 'id,sourceId,screenName\n4711,90210,Alice\n')
  async messagesCsv(@Param('channelId') channelId: string, @Req() request: Request): Promise<StreamableFile> {
    return download(
      await this.files.messagesAsCsv(channelId, this.mayStill(channelId, request)),
      CSV,
      `${channelId}-messages.csv`,
    );
  }

  @Get('decisions.jsonl')
  @answers(
    JSON_LINES,
    'Export decisions as JSON Lines',
    EACH_DECISION,
    '{"id":"815","decision":"approve"}\n',
    LogEntryDto,
  )
  async decisions(@Param('channelId') channelId: string, @Req() request: Request): Promise<StreamableFile> {
    return download(
      await this.files.decisionsAsJsonLines(channelId, this.mayStill(channelId, request)),
      JSON_LINES,
      `${channelId}-decisions.jsonl`,
    );
  }

  @Get('decisions.csv')
  @answers(CSV, 'Export decisions as CSV', IN_CSV, 'id,messageId,decision\n815,4711,approve\n')
  async decisionsCsv(@Param('channelId') channelId: string, @Req() request: Request): Promise<StreamableFile> {
    return download(
      await this.files.decisionsAsCsv(channelId, this.mayStill(channelId, request)),
      CSV,
      `${channelId}-decisions.csv`,
    );
  }
  private mayStill(channelId: string, request: Request): MayStill {
    return () => this.rights.has(channelId, request, 'admin');
  }
}
