import type { ChannelHead } from './published';

/** The bytes of a feed, and the channel as it was when they were right. */
export interface Rendering {
  head: ChannelHead;
  body: Buffer;
  /** Strong, with its quotes. */
  etag: string;
}

/** The renderings used last, as many as fit into so many bytes: one may hold 50 messages of 60 kB. */
export class RenderingCache {
  // A Map keeps the order of insertion; what is used moves to the end.
  private readonly kept = new Map<string, Rendering>();
  private bytes = 0;

  constructor(private readonly capacity: number) {}

  get(key: string): Rendering | undefined {
    const rendering = this.kept.get(key);
    if (rendering) {
      this.kept.delete(key);
      this.kept.set(key, rendering);
    }
    return rendering;
  }

  set(key: string, rendering: Rendering): void {
    this.delete(key);
    this.kept.set(key, rendering);
    this.bytes += sizeOf(rendering);
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.capacity) break;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    const rendering = this.kept.get(key);
    if (!rendering) return;
    this.kept.delete(key);
    this.bytes -= sizeOf(rendering);
  }
}

/** About what an entry costs beside its body. */
const OVERHEAD = 1_000;

const sizeOf = ({ body, head }: Rendering) => body.length + 2 * head.description.length + OVERHEAD;
