const { TestEnvironment } = require('jest-environment-node');

/** Remembers whether a test of the file has failed, so that startServer can show what its servers said. */
module.exports = class extends TestEnvironment {
  handleTestEvent(event) {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.global.someTestFailed = true;
  }
};
