import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Application } from 'express';
import { complete } from './api-document/complete';
import type { JsonObject } from './api-document/json';
import { modern } from './api-document/modern';
import { referenceOf, type ReferenceView } from './api-document/reference';
import { describeTags, INTRODUCTION } from './api-document/introduction';
import { pageLanguage } from './views';

/** The OpenAPI 3.1 document of this server; the same is committed as `openapi.json`. */
function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('ChatStream Moderate')
    .setDescription(INTRODUCTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .setOpenAPIVersion('3.1.0')
    .addServer('/')
    .addCookieAuth(
      'chatstream',
      {
        type: 'apiKey',
        in: 'cookie',
        description:
          'A browser session, which somebody has after signing in at `/login`; the cookie is `__Host-chatstream` in production and `chatstream.<port>` in development.',
      },
      'session',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-CSRF-Token',
        description:
          'Goes with a session on every method but GET: the `csrfToken` that `GET /api/v1/session` answers to that session.',
      },
      'csrf',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'query',
        name: 'token',
        description: 'The display token of a private channel, which its admins see and can replace.',
      },
      'displayToken',
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'opaque',
        description:
          'An API token, which an admin makes for one channel. Scope `moderate` opens what says “Role: moderator”, scope `admin` also what says “Role: admin”; scope `feed` opens the feeds of a private channel.',
      },
      'token',
    )
    .build();
  config.tags = describeTags();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  describeParameters(document);
  return complete(modern(document as unknown as JsonObject) as JsonObject) as unknown as OpenAPIObject;
}

/** Parameters that mean the same wherever they stand. */
const PARAMETERS: Record<string, { description: string; example: string | number }> = {
  channelId: { description: 'The id of the channel.', example: 'main-hall' },
  messageId: { description: 'The id of a message of the channel.', example: '4711' },
  operationId: {
    description: 'The id of a bulk decision of the channel.',
    example: '0b8f1c1e-7d4b-4a8e-9b64-0c4f1f6f2a11',
  },
  entryId: { description: 'The id of an entry on the global list.', example: '17' },
  blockedId: { description: 'The id of a blocked sender of the channel.', example: '17' },
  allowedId: { description: 'The id of an allowed sender of the channel.', example: '17' },
  tokenId: { description: 'The id of an API token of the channel.', example: '5' },
  patternId: { description: 'The id of a blocked pattern of the channel.', example: '3' },
  limit: { description: 'The most that one answer holds.', example: 100 },
};

function describeParameters({ paths }: OpenAPIObject): void {
  for (const path of Object.values(paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      for (const parameter of operation?.parameters ?? []) {
        if (!('name' in parameter) || !(parameter.name in PARAMETERS)) continue;
        Object.assign(parameter, { ...PARAMETERS[parameter.name], ...parameter });
        // Ids are opaque to whoever uses the API, whatever they are to the database.
        if (parameter.in === 'path') parameter.schema = { type: 'string' };
      }
    }
  }
}

/** Nothing from elsewhere, nothing inline, and nothing to be sent anywhere: the page is there to be read. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/openapi.json`, and the same for people at `/docs`, which needs neither a session nor the database. */
export function serveDocument(app: NestExpressApplication): void {
  let document: OpenAPIObject | undefined;
  const made = () => (document ??= openApiDocument(app));
  SwaggerModule.setup('docs', app, made, { jsonDocumentUrl: 'openapi.json', ui: false, raw: ['json'] });
  let reference: ReferenceView | undefined;
  (app.getHttpAdapter().getInstance() as Application).get('/docs', (request, response) => {
    reference ??= referenceOf(made() as unknown as JsonObject);
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    response.render('docs', { ...pageLanguage(request), reference, isLogin: true });
  });
}
