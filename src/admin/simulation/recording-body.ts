import { BadRequestException, PayloadTooLargeException } from '@nestjs/common';
import express, { type Request } from 'express';

// Of any content type: browsers know none for these files. Not inflated, or the limit would be none.
const raw = express.raw({ limit: '10mb', type: () => true, inflate: false });

/** The text of a recording. Nothing reads it before its sender has been found to be allowed to send it; see app.setup.ts. */
export async function readRecordingBody(request: Request): Promise<string> {
  const error = await new Promise<unknown>((resolve) => {
    if (request.res) raw(request, request.res, resolve);
  });
  if ((error as { status?: number } | undefined)?.status === 413)
    throw new PayloadTooLargeException('The recording is larger than 10 MiB. Split it.');
  if (error) throw new BadRequestException(['recording could not be read']);
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
}
