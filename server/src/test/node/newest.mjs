// Runs the suite with the newest SDKs instead of the pinned ones, in a folder of its own, and reports. It never fails:
// what it tells is when to move the pins. Needs the suite's environment, a started node, and the npm registry.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pinned = JSON.parse(readFileSync(new URL('package.json', import.meta.url))).dependencies;
const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sdk-suite-newest-'));
try {
  const suite = new URL('.', import.meta.url);
  for (const file of readdirSync(suite).filter((it) => it.endsWith('.test.mjs') || it === 'suite.mjs')) {
    cpSync(new URL(file, suite), join(folder, file));
  }
  const newest = Object.fromEntries(Object.keys(pinned).map((name) => [name, 'latest']));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: newest }));
  const installed = run('npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts');
  if (installed.status !== 0) {
    console.log(`could not install the newest SDKs:\n${installed.output}`);
  } else {
    for (const [name, version] of Object.entries(pinned)) {
      const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json')));
      console.log(`${name} ${manifest.version}${manifest.version === version ? ', as pinned' : `, pinned is ${version}`}`);
    }
    const suiteRun = run(process.execPath, '--test', '--test-reporter=spec');
    console.log(suiteRun.output.split('\n').slice(suiteRun.status === 0 ? -10 : -200).join('\n'));
    console.log(suiteRun.status === 0 ? 'the newest SDKs pass' : 'the newest SDKs do NOT pass');
  }
} catch (error) {
  console.log(`could not run the newest SDKs: ${error.stack}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env: { ...process.env, LARDER_EXAMPLES: examples },
    encoding: 'utf8',
    timeout: 5 * 60 * 1000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}` };
}
