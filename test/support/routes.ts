import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Settings } from '../../src/settings';

/** Inspected, not imported: Nest's own Swagger routes and the pages are among them. */
interface ExpressInstance {
  router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
}

/** Every route of the application as its router knows it, such as `GET /api/v1/channels/:channelId`. */
export async function routesOf(settings: Settings): Promise<string[]> {
  // As the server has been built: only there have the DTOs what the document shows of them.
  const load = async <T>(path: string) => (await import(`../../dist/src/${path}.js`)) as T;
  const { AppModule } = await load<typeof import('../../src/app.module')>('app.module');
  const { Database } = await load<typeof import('../../src/database/database')>('database/database');
  const { setUpApp } = await load<typeof import('../../src/app.setup')>('app.setup');
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with(settings, await Database.open(settings)),
    {
      bodyParser: false,
      logger: false,
    },
  );
  setUpApp(app);
  await app.init();
  const { router } = app.getHttpAdapter().getInstance() as ExpressInstance;
  const routes = router.stack.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
  );
  await app.close();
  return routes;
}
