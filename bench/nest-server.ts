import 'reflect-metadata';
import { Controller, HttpCode, Module, Post, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AdmissionService } from '../src/webhook/admission.service';
import { ChannelRulesCache } from '../src/webhook/channel-rules';
import { Refusals } from '../src/webhook/refusals';
import { SignatureInterceptor } from '../src/webhook/signature.interceptor';

// The ceiling of our framework: a Nest controller with our raw reader, interceptor and HMAC check that answers at once.
@Controller('webhook/channel/:channelId')
class AnswerAtOnce {
  @Post()
  @HttpCode(200)
  @UseInterceptors(SignatureInterceptor)
  receive() {
    return { ok: true, outcome: 'queued' };
  }
}

const channel = {
  active: true,
  archivedAt: null,
  webhookSecret: process.env.BENCH_SECRET,
  previousSecret: null,
  previousSecretExpiresAt: null,
};

@Module({
  controllers: [AnswerAtOnce],
  providers: [
    AdmissionService,
    {
      provide: ChannelRulesCache,
      useValue: { remembered: () => ({ channel }), current: () => Promise.resolve({ channel }) },
    },
    { provide: Refusals, useValue: { count: () => undefined } },
  ],
})
class Baseline {}

async function main() {
  const app = await NestFactory.create<NestExpressApplication>(Baseline, { bodyParser: false, logger: false });
  app.disable('x-powered-by');
  app.set('etag', false);
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}

void main();
