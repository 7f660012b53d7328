import 'reflect-metadata';
import { writerDataSource } from './src/database/data-source';
import { readSettings } from './src/settings';

/** The data source of the server, for TypeORM's command line: `npx typeorm -d dist/ormconfig.js migration:show`. */
export default writerDataSource(readSettings().database);
