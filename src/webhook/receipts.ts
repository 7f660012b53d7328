import type { ServerResponse } from 'node:http';
import { type Outcome, OUTCOMES, type ReceiptDto } from './webhook.dto';

/** The five answers there are, as bytes: the framework's way of making one takes longer than reading the message. */
const receipts = new Map(OUTCOMES.map((outcome) => [outcome, Buffer.from(JSON.stringify(receipt(outcome)))]));

/** Answers that a message is durable, and what became of it. */
export function sendReceipt(response: ServerResponse, outcome: Outcome): void {
  const bytes = receipts.get(outcome) as Buffer;
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': bytes.length,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(bytes);
}

function receipt(outcome: Outcome): ReceiptDto {
  return { ok: true, outcome };
}
