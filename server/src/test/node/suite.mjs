// What every file of the suite shares: where the node is, the clients, keys of one's own, raw requests.
//
// To run it: `npm ci`, export the two lines that a started node prints, `node --test`. LARDER_READ_ONLY_TOKEN adds the tests
// of a read-only token; ENGINE_VERSION and TOPOLOGY tell what the engine is, else it is asked. LARDER_REGIONS, addresses of
// nodes with engines of their own between spaces, adds the tests of several regions. SdkIT does all of that from Maven.
//
// On a Cluster everything is as on one engine, but for commands on several keys that can be neither split nor put together:
// those take keys of one hash tag, `tagged()`, here on every engine.
//
// The files may run side by side against an engine that others use: no test flushes, counts or lists what is not its own.
import { after, describe, it as test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Redis } from '@upstash/redis';

export const url = needed('UPSTASH_REDIS_REST_URL').replace(/\/$/, '');
export const token = needed('UPSTASH_REDIS_REST_TOKEN');
export const readOnlyToken = process.env.LARDER_READ_ONLY_TOKEN;
export const engineVersion = process.env.ENGINE_VERSION ?? (await askEngine('server', /redis_version:(\S+)/));
export const isCluster = (process.env.TOPOLOGY ?? (await askEngine('server', /redis_mode:(\S+)/))) === 'cluster';

// What every key of this file begins with.
export const prefix = `sdk-suite:${randomUUID()}:`;
let keys = 0;

/** A key that nobody used before. */
export function key(name = 'key') {
  return `${prefix}${name}:${++keys}`;
}

/** So many keys that nobody used before, which share a hash tag, so that a Cluster has them in one slot. */
export function tagged(count) {
  const tag = `{${key('tag')}}`;
  return Array.from({ length: count }, (_, i) => `${tag}:${i}`);
}

after(async () => {
  let cursor = '0';
  do {
    const { json } = await command('SCAN', cursor, 'MATCH', `*${prefix}*`, 'COUNT', 1000);
    const [next, found] = json.result;
    cursor = next;
    if (found.length > 0) {
      await command('UNLINK', ...found);
    }
  } while (cursor !== '0');
});

/** An SDK client as an application makes it, but for the options given. */
export function client(options = {}) {
  return new Redis({ url, token, ...options });
}

// A wrong length or a missed encoding shows in only one of these.
const modes = {
  'auto-pipelined': {},
  'one request a command': { enableAutoPipelining: false },
  'without base64': { enableAutoPipelining: false, responseEncoding: false },
};

/** Runs the same tests in each of the ways in which the SDK can send a command and take its answer. */
export function family(name, tests) {
  for (const [mode, options] of Object.entries(modes)) {
    describe(`${name}, ${mode}`, () => tests(client(options)));
  }
}

/** Whether the engine is of this version or newer. */
export function engineAtLeast(major, minor = 0) {
  const [itsMajor, itsMinor] = engineVersion.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

/** The option of a test that concerns only engines of this version or newer; elsewhere there is no such test. */
export function since(major, minor = 0) {
  return { applies: engineAtLeast(major, minor) };
}

/** The option of a test that concerns only engines older than this version. */
export function before(major, minor = 0) {
  return { applies: !engineAtLeast(major, minor) };
}

/** The option of a test that concerns only a Cluster. */
export const onCluster = { applies: isCluster };

/** As node:test's, but for tests that do not concern the engine at hand. */
export function it(name, options, body) {
  if (typeof options === 'function') {
    test(name, options);
  } else if (options.applies !== false) {
    test(name, options, body);
  }
}

/** A request without the SDK. `auth` null sends none; the answer's body is there as bytes, text and, where it is JSON, parsed. */
export async function raw(path, { method = 'POST', body, headers = {}, auth = `Bearer ${token}` } = {}) {
  const response = await fetch(url + path, {
    method,
    body,
    headers: auth === null ? headers : { authorization: auth, ...headers },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString();
  return { status: response.status, headers: response.headers, bytes, text, json: parsed(text) };
}

/** One command as `POST /`, without the SDK. */
export function command(...args) {
  return raw('/', { body: JSON.stringify(args) });
}

/** Runs the action and returns its result with each request that was sent meanwhile: path, commands, headers, answer. */
export async function recorded(action) {
  const requests = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (target, init) => {
    const request = {
      path: new URL(target).pathname,
      body: parsed(init.body),
      headers: new Headers(init.headers),
    };
    requests.push(request);
    const response = await original(target, init);
    request.status = response.status;
    request.answerHeaders = response.headers;
    if (!response.headers.get('content-type')?.includes('event-stream')) {
      request.answer = parsed(await response.clone().text());
    }
    return response;
  };
  try {
    return { result: await action(), requests };
  } finally {
    globalThis.fetch = original;
  }
}

/** Resolves as soon as the condition holds; rejects, naming it, when it does not within a minute. */
export async function eventually(what, condition) {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within a minute: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function needed(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: start a node and pass the two lines that it prints`);
  }
  return value;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function askEngine(section, what) {
  const { json } = await command('INFO', section);
  return what.exec(json.result)[1];
}
