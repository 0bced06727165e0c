// The README's example, run as a reader would run it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isCluster } from './suite.mjs';

// The newest SDKs are tried from a copy of this folder somewhere else.
const examples = process.env.LARDER_EXAMPLES ?? fileURLToPath(new URL('../../../../examples/', import.meta.url));
const example = join(examples, 'first-light', 'quickstart.mjs');
// Beside the packages that it imports, where another run of the suite may have one too.
const copy = fileURLToPath(new URL(`./quickstart-copy-${process.pid}.mjs`, import.meta.url));

test("the README's example prints what it says", async () => {
  // On a Cluster with the prefix that the docs, and the error without it, tell.
  const source = await readFile(example, 'utf8');
  await writeFile(copy, isCluster ? source.replace('({ redis,', '({ prefix: "{ratelimit}", redis,') : source);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [copy], { timeout: 60_000 });
    assert.match(stdout, /^\{ text: 'hello' \}\ntrue \d\n$/);
  } finally {
    await rm(copy);
  }
});
