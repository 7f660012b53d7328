import type { Request, Response } from 'express';

/** Bytes that a reader may lag behind before it is dropped; it reconnects and asks what changed. */
const MAX_LAG = 1024 * 1024;
/** Milliseconds in which a reader takes what is left for it, once its stream has ended. */
const PARTING = 1_000;

/** One open response of server-sent events. */
export class EventStream {
  constructor(
    readonly request: Request,
    private readonly response: Response,
  ) {
    response.status(200);
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    response.setHeader('Cache-Control', 'no-cache, no-transform');
    // nginx, which stands in front on Toolforge, would hold events back.
    response.setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    response.write('retry: 1000\n\n');
  }

  get closed(): boolean {
    return this.response.closed || this.response.writableEnded;
  }

  onClose(done: () => void): void {
    this.response.once('close', done);
  }

  /** @param frames encoded once for all readers */
  send(frames: Buffer): void {
    if (this.closed) return;
    if (this.response.writableLength > MAX_LAG) this.response.destroy();
    else this.response.write(frames);
  }

  end(): void {
    if (this.closed) return;
    this.response.end();
    // One that does not read would never let it end, and so keep a stopping server from stopping.
    setTimeout(() => this.response.destroy(), PARTING).unref();
  }
}

/** @param id what the browser sends back as Last-Event-ID when it reconnects; without one it keeps the last it was told */
export function frame(event: string, data: unknown, id?: number): Buffer {
  const line = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`event: ${event}\n${line}data: ${JSON.stringify(data)}\n\n`);
}

export const COMMENT = Buffer.from(':\n\n');
