// The README's example, run as a reader would run it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { copyFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const example = fileURLToPath(new URL('../../../../examples/first-light/quickstart.mjs', import.meta.url));
// Beside the packages that it imports.
const copy = fileURLToPath(new URL('./quickstart-copy.mjs', import.meta.url));

test("the README's example prints what it says", async () => {
  await copyFile(example, copy);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [copy], { timeout: 20_000 });
    assert.match(stdout, /^\{ text: 'hello' \}\ntrue \d\n$/);
  } finally {
    await rm(copy);
  }
});
