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
import { ProblemDto, Refuses } from '../problem.dto';
import { exampleFeed } from './feed-example';
import { FORMATS, type Format } from './formats';
import { JsonFeedDto } from './json-feed.dto';
import type { View } from './published';

const NAMES: Record<Format, string> = { rss: 'RSS 2.0', atom: 'Atom 1.0', jsonfeed: 'JSON Feed 1.1' };
/** Where the parts of a message stand. */
const PARTS: Record<Format, string> = {
  rss: 'Each `item` is a message: `title` its screen name, `description` its text as HTML (so escaped twice), `pubDate` the time of the decision, `guid` its id.',
  atom: 'Each `entry` is a message: `title` and `author` its screen name, `content` its text, plain, `updated` the time of the decision; `id` ends with `#` and its id.',
  jsonfeed:
    'Each of `items` is a message: `title` its screen name, `content_text` its text, plain, `date_published` the time of the decision, `id` its id.',
};

/** The path of a feed, and what the OpenAPI document says of it. */
export function FeedRoute(format: Format, view: View): MethodDecorator {
  const isAll = view === 'published';
  return applyDecorators(
    Get(`${format}/:channelId${isAll ? '' : '/highlights'}`),
    ApiExtraModels(ProblemDto, JsonFeedDto),
    ApiOperation({
      summary: `${isAll ? 'Published messages' : 'Highlights'} as ${NAMES[format]}`,
      description:
        `The newest 50 ${isAll ? 'approved and highlighted' : 'highlighted'} messages, newest decision first. ` +
        `${PARTS[format]} A message that stops being published is gone from the next answer. ` +
        'Role: anybody; a private channel needs its display token as `token`, or an API token of the channel. ' +
        'Poll with If-None-Match or If-Modified-Since.',
    }),
    ApiParam({ name: 'channelId' }),
    ApiQuery({
      name: 'token',
      type: String,
      required: false,
      description: "A private channel's display token.",
      example: 'Zk1tU0Z5cXl2bW9pYkE3V2ZtT1JqZz09ZXhhbXBsZTE',
    }),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag of an earlier answer.',
      example: ETAG,
    }),
    ApiHeader({
      name: 'If-Modified-Since',
      required: false,
      description: 'The Last-Modified of an earlier answer.',
      example: LAST_MODIFIED,
    }),
    ApiResponse({
      status: 200,
      description: 'The feed.',
      content: { [FORMATS[format].mediaType]: contentOf(format, view) },
      headers: {
        ETag: { description: 'Strong; another one for each version.', schema: { type: 'string' }, example: ETAG },
        'Last-Modified': {
          description:
            'Another one for each version, and so up to a minute early; left out while changes come faster than it counts.',
          schema: { type: 'string' },
          example: LAST_MODIFIED,
        },
      },
    }),
    ApiResponse({ status: 304, description: 'Not modified.' }),
    // None is needed for a public channel.
    ApiSecurity({}),
    ApiSecurity('displayToken'),
    ApiSecurity('token', ['feed']),
    Refuses(
      {
        400: 'The address is malformed.',
        401: 'The API token is not valid.',
        403: 'The channel is private, and the token is missing or wrong.',
        404: 'There is no such channel.',
      },
      503,
    ),
  );
}

const ETAG = '"q1zKc9vXb0m2"';
const LAST_MODIFIED = 'Wed, 05 Aug 2026 09:30:04 GMT';

function contentOf(format: Format, view: View) {
  const text = FORMATS[format].render(exampleFeed(format, view));
  return format === 'jsonfeed'
    ? { schema: { $ref: getSchemaPath(JsonFeedDto) }, example: JSON.parse(text) as object }
    : { schema: { type: 'string' as const }, example: text };
}
