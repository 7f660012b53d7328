import { takeFaults } from './documented';

/** Whatever a test expects of an answer: one that openapi.json does not describe fails it. */
const expectDocumented = () => {
  const faults = [...new Set(takeFaults())];
  if (faults.length > 0) throw new Error(`Not what openapi.json says:\n${faults.join('\n')}`);
};

afterEach(expectDocumented);
afterAll(expectDocumented);
