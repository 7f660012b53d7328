/** Ends the run with the list of what was skipped. Where nothing may be skipped (CI=true) such a run has failed. */
module.exports = class {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) => [
      ...(file.skipped && file.testResults.length === 0 ? [file.testFilePath] : []),
      ...file.testResults.filter((test) => ['pending', 'todo', 'disabled'].includes(test.status)).map(groupOf),
    ]);
    if (skipped.length === 0) return;
    const counts = new Map();
    for (const group of skipped) counts.set(group, (counts.get(group) ?? 0) + 1);
    const lines = [...counts].map(([group, count]) => `  ${group} (${count})`);
    process.stderr.write(`\nSkipped:\n${lines.join('\n')}\n`);
    if (process.env.CI === 'true')
      this.failure = new Error(`${skipped.length} test(s) skipped, and nothing may be skipped in CI`);
  }

  getLastError() {
    return this.failure;
  }
};

function groupOf(test) {
  return test.ancestorTitles[0] ?? test.title;
}
