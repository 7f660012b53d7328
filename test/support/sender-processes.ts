import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { eventyayBytes } from './http';
import { sign } from './signature';
import type { TestChannel } from './intake';

export interface Posted {
  status: number;
  outcome?: string;
}

/** Client processes that are told together and post together. */
export class SenderProcesses {
  private constructor(private readonly processes: ChildProcess[]) {}

  static async start(count: number): Promise<SenderProcesses> {
    const processes = Array.from({ length: count }, () => fork(path.join(__dirname, 'sender-process.mjs')));
    await Promise.all(processes.map((process) => once(process, 'message')));
    return new SenderProcesses(processes);
  }

  /** @param lots what each process posts, all at once. @returns the answers in the same order */
  async post(lots: { channel: TestChannel; base?: string; payload: object }[][]): Promise<Posted[][]> {
    return Promise.all(
      lots.map(async (lot, i) => {
        const requests = lot.map(({ channel, base, payload }) => {
          const body = eventyayBytes(payload);
          return { url: channel.url(base), signature: sign(channel.secret, body), body: body.toString('base64') };
        });
        this.processes[i].send({ requests });
        const [{ answers }] = (await once(this.processes[i], 'message')) as [{ answers: Posted[] }];
        return answers;
      }),
    );
  }

  stop(): void {
    for (const process of this.processes) process.kill();
  }
}
