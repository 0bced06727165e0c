// Limits that are shared by several regions, each a node with an engine of its own: LARDER_REGIONS names their addresses.
import { after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { MultiRegionRatelimit } from '@upstash/ratelimit';
import { client, eventually, it, key } from './suite.mjs';

const regions = process.env.LARDER_REGIONS?.split(' ');
const among = { skip: !regions && 'LARDER_REGIONS is not set' };
// Without retries, so that a region that is down is known to be.
const inRegions = (urls) => urls.map((url) => client({ url, retry: false }));

// Windows of a week: no test run meets the edge of one.
const window = 7 * 24 * 60 * 60 * 1000;
const limiters = {
  'fixed window': (limit) => MultiRegionRatelimit.fixedWindow(limit, '7 d'),
  'sliding window': (limit) => MultiRegionRatelimit.slidingWindow(limit, '7 d'),
};
const prefix = '{regions}';
const limiting = (limiter, urls = regions) =>
  new MultiRegionRatelimit({ redis: inRegions(urls), limiter, prefix, timeout: 60_000 });

/** What each region has counted of a caller: the permits of each request, by its id. */
const counts = (caller) =>
  Promise.all(inRegions(regions).map((redis) => redis.hgetall(`${prefix}:${caller}:${Math.floor(Date.now() / window)}`)));

async function assertTheyAgree(caller, requests) {
  const [first, ...others] = await counts(caller);
  assert.equal(Object.keys(first).length, requests);
  others.forEach((other) => assert.deepEqual(other, first));
}

for (const [name, limiter] of Object.entries(limiters)) {
  describe(`a ${name} of three regions`, () => {
    it('admits exactly its limit of those who ask one after the other, whichever region is first', among, async () => {
      const caller = key('caller');
      const callers = [0, 1, 2].map((i) => limiting(limiter(10), [...regions.slice(i), ...regions.slice(0, i)]));
      let admitted = 0;
      for (let i = 0; i < 15; i++) {
        const outcome = await callers[i % 3].limit(caller);
        await outcome.pending;
        admitted += outcome.success ? 1 : 0;
      }
      assert.equal(admitted, 10);
      for (const region of regions) {
        assert.equal((await limiting(limiter(10), [region]).getRemaining(caller)).remaining, 0);
      }
    });

    it('counts each of many requests at once in every region, once', among, async () => {
      const caller = key('caller');
      const limit = limiting(limiter(1000));
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => limit.limit(caller)));
      await Promise.all(outcomes.map(({ pending }) => pending));
      assert.ok(outcomes.every(({ success }) => success));
      await assertTheyAgree(caller, 100);
      assert.deepEqual(Object.values((await counts(caller))[0]), Array(100).fill(1));
    });

    it('gives each region what only others have counted', among, async () => {
      const caller = key('caller');
      for (const [region, times] of [[regions[0], 4], [regions[1], 2]]) {
        for (let i = 0; i < times; i++) {
          assert.equal((await limiting(limiter(10), [region]).limit(caller)).success, true);
        }
      }
      assert.deepEqual((await counts(caller)).map((it) => Object.keys(it ?? {}).length), [4, 2, 0]);
      await (await limiting(limiter(10)).limit(caller)).pending;
      await assertTheyAgree(caller, 7);
      for (const region of regions) {
        assert.equal((await limiting(limiter(10), [region]).getRemaining(caller)).remaining, 3);
      }
    });

    it('goes on while a region is down, and gives it what it missed when it is back', among, async () => {
      const caller = key('caller');
      const third = await relayTo(regions[2]);
      const limit = limiting(limiter(10), [regions[0], regions[1], third.url]);
      await (await limit.limit(caller)).pending;
      await assertTheyAgree(caller, 1);
      await third.cut();
      for (let i = 0; i < 4; i++) {
        const outcome = await limit.limit(caller);
        assert.equal(outcome.success, true);
        await assert.rejects(outcome.pending, 'one region does not answer');
      }
      assert.deepEqual((await counts(caller)).map((it) => Object.keys(it).length), [5, 5, 1]);
      await third.restore();
      await eventually('the region is given what it missed', async () => {
        await (await limit.limit(caller)).pending.catch(() => {});
        const sizes = (await counts(caller)).map((it) => Object.keys(it).length);
        return sizes[2] === sizes[0];
      });
      const [{ length: counted }] = (await counts(caller)).map((it) => Object.keys(it));
      await assertTheyAgree(caller, counted);
      let admitted = counted;
      for (let more = true; more; ) {
        const outcome = await limit.limit(caller);
        await outcome.pending;
        more = outcome.success;
        admitted += more ? 1 : 0;
      }
      assert.equal(admitted, 10);
    });
  });
}

const relays = [];
after(() => Promise.all(relays.map((it) => it.cut())));

/** A way to a region that can be cut, and mended. */
async function relayTo(url) {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  const server = createServer((caller) => {
    const region = connect(Number(port), hostname);
    for (const [one, other] of [[caller, region], [region, caller]]) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  const listen = (at) => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: own } = server.address();
  const relay = {
    url: `http://127.0.0.1:${own}`,
    cut: () =>
      new Promise((resolve) => {
        server.close(resolve);
        sockets.forEach((it) => it.destroy());
        sockets.clear();
      }),
    restore: () => listen(own),
  };
  relays.push(relay);
  return relay;
}
