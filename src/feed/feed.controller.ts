import { Controller, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Open } from '../auth/access';
import { bearerOf } from '../auth/api-tokens';
import { FeedRoute } from './feed-route';
import { FeedService } from './feed.service';
import type { Format } from './formats';
import type { View } from './published';

/** What displays and feed readers poll. No session, no cookie; a private channel asks for its token. */
@Open()
@ApiTags('Displays')
@Controller()
export class FeedController {
  constructor(private readonly feeds: FeedService) {}

  @FeedRoute('rss', 'published')
  rss(@Param('channelId') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send('rss', 'published', id, request, response);
  }

  @FeedRoute('rss', 'highlights')
  rssHighlights(@Param('channelId') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send('rss', 'highlights', id, request, response);
  }

  @FeedRoute('atom', 'published')
  atom(@Param('channelId') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send('atom', 'published', id, request, response);
  }

  @FeedRoute('atom', 'highlights')
  atomHighlights(@Param('channelId') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send('atom', 'highlights', id, request, response);
  }

  @FeedRoute('jsonfeed', 'published')
  jsonFeed(@Param('channelId') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send('jsonfeed', 'published', id, request, response);
  }

  @FeedRoute('jsonfeed', 'highlights')
  jsonFeedHighlights(
    @Param('channelId') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.send('jsonfeed', 'highlights', id, request, response);
  }

  private async send(
    format: Format,
    view: View,
    channelId: string,
    request: Request,
    response: Response,
  ): Promise<void> {
    // Displays run anywhere. Set first, so that a refusal can be read there as well.
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'ETag',
      'Cache-Control': 'no-store',
    });
    const { status, headers, body } = await this.feeds.answer({
      format,
      view,
      channelId,
      token: request.query.token,
      bearer: bearerOf(request),
      ifNoneMatch: request.headers['if-none-match'],
      ifModifiedSince: request.headers['if-modified-since'],
    });
    // Not Express's own send(): it would make another ETag and decide about 304 once more.
    response.writeHead(status, headers).end(body);
  }
}
