/** Another server did not answer, or not as it should. The message says what, and nothing of the answer. */
export class NoUsableAnswer extends Error {}

/**
 * JSON from another server, which may be slow, broken or hostile: no redirect is followed, and no answer is read any
 * further than is of use.
 * @param request with a signal that ends it in time
 * @param largest bytes of the answer
 * @throws NoUsableAnswer
 */
export async function askForJson(
  url: string,
  request: RequestInit & { signal: AbortSignal; headers: Record<string, string> },
  largest: number,
): Promise<unknown> {
  try {
    const headers = { ...request.headers, Accept: 'application/json' };
    const response = await fetch(url, { ...request, headers, redirect: 'manual' });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new NoUsableAnswer(`answered ${response.status}`);
    }
    return JSON.parse(await textOf(response, largest)) as unknown;
  } catch (error) {
    throw error instanceof NoUsableAnswer ? error : new NoUsableAnswer((error as Error).name);
  }
}

async function textOf(response: Response, largest: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body as AsyncIterable<Uint8Array> | null) ?? []) {
    size += chunk.length;
    if (size > largest) throw new NoUsableAnswer('an answer without end');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

/** @throws NoUsableAnswer */
export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NoUsableAnswer('no JSON object');
  return value as Record<string, unknown>;
}
