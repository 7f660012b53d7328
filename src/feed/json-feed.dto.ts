import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class JsonFeedAuthorDto {
  @ApiProperty({ example: 'Alice' })
  name!: string;
}

export class JsonFeedItemDto {
  /** The id of the message. */
  @ApiProperty({ example: '4711' })
  id!: string;

  /** The screen name. */
  @ApiProperty({ example: 'Alice' })
  title!: string;

  /** The text of the message: plain, no markup. */
  @ApiProperty({ example: 'Great talk so far!' })
  content_text!: string;

  /** When it was decided on. */
  @ApiProperty({ format: 'date-time', example: '2026-08-05T09:30:04.567Z' })
  date_published!: string;

  @ApiProperty({ type: [JsonFeedAuthorDto] })
  authors!: JsonFeedAuthorDto[];

  /** BCP 47. */
  @ApiPropertyOptional({ example: 'en' })
  language?: string;
}

/** JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/ */
export class JsonFeedDto {
  @ApiProperty({ enum: ['https://jsonfeed.org/version/1.1'], example: 'https://jsonfeed.org/version/1.1' })
  version!: string;

  @ApiProperty({ example: 'Main hall' })
  title!: string;

  @ApiPropertyOptional({ example: 'Keynotes and the closing session' })
  description?: string;

  @ApiProperty({ format: 'uri', example: 'https://chatstream-moderate.toolforge.org/' })
  home_page_url!: string;

  @ApiProperty({ format: 'uri', example: 'https://chatstream-moderate.toolforge.org/jsonfeed/main-hall' })
  feed_url!: string;

  /** The newest decision first. */
  @ApiProperty({ type: [JsonFeedItemDto] })
  items!: JsonFeedItemDto[];
}
