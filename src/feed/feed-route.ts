import { applyDecorators, Get } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import { ProblemDto } from '../problem.dto';
import { FORMATS, type Format } from './formats';
import type { View } from './published';

const NAMES: Record<Format, string> = { rss: 'RSS 2.0', atom: 'Atom 1.0', jsonfeed: 'JSON Feed 1.1' };

/** The path of a feed, and what the OpenAPI document says of it. */
export function FeedRoute(format: Format, view: View): MethodDecorator {
  const isAll = view === 'published';
  return applyDecorators(
    Get(`${format}/:channelId${isAll ? '' : '/highlights'}`),
    ApiExtraModels(ProblemDto),
    ApiOperation({
      summary: `${isAll ? 'Published messages' : 'Highlights'} as ${NAMES[format]}`,
      description:
        `The newest 50 ${isAll ? 'approved and highlighted' : 'highlighted'} messages, newest decision first. ` +
        'Open to everybody; a private channel needs its display token. Poll with If-None-Match or If-Modified-Since. ' +
        'A message that stops being published is gone from the next answer.',
    }),
    ApiParam({
      name: 'channelId',
      description: "The channel's id.",
      schema: { type: 'string' },
      example: 'simulation',
    }),
    ApiQuery({ name: 'token', type: String, required: false, description: "A private channel's display token." }),
    ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag of an earlier answer.' }),
    ApiHeader({ name: 'If-Modified-Since', required: false, description: 'The Last-Modified of an earlier answer.' }),
    ApiResponse({
      status: 200,
      description: 'The feed.',
      content: { [FORMATS[format].mediaType]: { schema: { type: format === 'jsonfeed' ? 'object' : 'string' } } },
      headers: {
        ETag: { description: 'Strong; another one for each version.', schema: { type: 'string' } },
        'Last-Modified': {
          description:
            'Another one for each version, and so up to a minute early; left out while changes come faster than it counts.',
          schema: { type: 'string' },
        },
      },
    }),
    ApiResponse({ status: 304, description: 'Not modified.' }),
    // None is needed for a public channel, nor with the display token.
    ApiSecurity({}),
    ApiSecurity('token', ['feed']),
    problem(401, 'The API token is not valid.'),
    problem(403, 'The channel is private, and the token is missing or wrong.'),
    problem(404, 'There is no such channel.'),
    problem(503, 'The database does not answer; ask again.'),
  );
}

// Said with its media type: otherwise it would have that of the route's 200.
function problem(status: number, description: string): MethodDecorator {
  const content = { 'application/json': { schema: { $ref: getSchemaPath(ProblemDto) } } };
  return ApiResponse({ status, description, content });
}
