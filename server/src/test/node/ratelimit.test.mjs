import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { IpDenyList, MultiRegionRatelimit, Ratelimit } from '@upstash/ratelimit';
import { client, eventually, it, key, onCluster, prefix, recorded } from './suite.mjs';

// Windows of a week: no test run meets the edge of one.
const limiters = {
  'fixed window': (limit) => Ratelimit.fixedWindow(limit, '7 d'),
  'sliding window': (limit) => Ratelimit.slidingWindow(limit, '7 d'),
  'token bucket': (limit) => Ratelimit.tokenBucket(limit, '7 d', limit),
  'cached fixed window': (limit) => Ratelimit.cachedFixedWindow(limit, '7 d'),
};

// With the hash tag, since the scripts of a Cluster need their keys in one slot.
// The timeout, beyond which the SDK admits whoever asks, is ample: a busy machine is no reason.
const limiting = (limiter, options = {}) =>
  new Ratelimit({ redis: client(), limiter, prefix: `{${prefix}limit}`, timeout: 60_000, ...options });
const allowed = (outcomes) => outcomes.filter(({ success }) => success).length;

for (const [name, limiter] of Object.entries(limiters)) {
  describe(name, () => {
    it('admits exactly its limit of 50 callers at once in one process', async () => {
      const caller = key('caller');
      const limit = limiting(limiter(10));
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => limit.limit(caller)));
      assert.equal(allowed(outcomes), 10);
      outcomes.forEach((it) => {
        assert.equal(it.limit, 10);
        assert.notEqual(it.reason, 'timeout');
        assert.ok(it.reset > Date.now());
      });
      await Promise.all(outcomes.map(({ pending }) => pending));
    });

    it('admits exactly its limit of 50 processes at once', async () => {
      const caller = key('caller');
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => limiting(limiter(10)).limit(caller)));
      assert.equal(allowed(outcomes), 10);
    });

    it('tells what is left, and starts anew when reset', async () => {
      const caller = key('caller');
      const limit = limiting(limiter(3));
      assert.equal((await limit.getRemaining(caller)).remaining, 3);
      const first = await limit.limit(caller);
      assert.deepEqual([first.success, first.limit, first.remaining], [true, 3, 2]);
      await (await limit.limit(caller)).pending;
      const left = await limit.getRemaining(caller);
      assert.deepEqual([left.remaining, left.limit], [1, 3]);
      assert.ok(left.reset > Date.now());
      await (await limit.limit(caller)).pending;
      assert.equal((await limit.limit(caller)).success, false);
      await limit.resetUsedTokens(caller);
      assert.equal((await limit.limit(caller)).success, true);
    });

    it('counts callers apart', async () => {
      const limit = limiting(limiter(1));
      const callers = Array.from({ length: 20 }, (_, i) => `${key('caller')} ${i} ключ "quoted"`);
      assert.equal(allowed(await Promise.all(callers.map((it) => limit.limit(it)))), 20);
      assert.equal(allowed(await Promise.all(callers.map((it) => limit.limit(it)))), 0);
    });

    it('takes several permits at once', async () => {
      const limit = limiting(limiter(10));
      const caller = key('caller');
      assert.deepEqual(await limit.limit(caller, { rate: 7 }).then((it) => [it.success, it.remaining]), [true, 3]);
      assert.deepEqual(await limit.limit(caller, { rate: 3 }).then((it) => [it.success, it.remaining]), [true, 0]);
      assert.equal((await limit.limit(caller, { rate: 1 })).success, false);
    });

    it('gives permits back at a negative rate', async () => {
      const limit = limiting(limiter(5));
      const caller = key('caller');
      await limit.limit(caller, { rate: 5 });
      await (await limit.limit(caller, { rate: -2 })).pending;
      assert.equal((await limit.getRemaining(caller)).remaining, 2);
    });

    it('sends the script once at most, then only its hash', async () => {
      const caller = key('caller');
      const calls = [];
      // Another file's SCRIPT FLUSH may come between two of these calls, but not between all.
      for (let i = 0; i < 4; i++) {
        const { result, requests } = await recorded(async () => {
          const outcome = await limiting(limiter(100)).limit(caller);
          await outcome.pending;
          return outcome;
        });
        assert.equal(result.success, true);
        calls.push(requests.flatMap(({ body }) => body.map(([command]) => command)).join(' '));
      }
      calls.forEach((it) => assert.match(it, /^evalsha( eval)?$/));
      assert.ok(calls.slice(1).includes('evalsha'), calls.join(', '));
    });
  });
}

for (const [name, limiter] of Object.entries({
  'fixed window': (limit) => MultiRegionRatelimit.fixedWindow(limit, '7 d'),
  'sliding window': (limit) => MultiRegionRatelimit.slidingWindow(limit, '7 d'),
})) {
  it(`a multi-region ${name} with one region admits exactly its limit of 50 callers at once`, async () => {
    const caller = key('caller');
    const limit = new MultiRegionRatelimit({ redis: [client()], limiter: limiter(10), prefix: `{${prefix}regions}` });
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => limit.limit(caller)));
    assert.equal(allowed(outcomes), 10);
    await Promise.all(outcomes.map(({ pending }) => pending));
    assert.equal((await limit.getRemaining(caller)).remaining, 0);
  });
}

it('a window admits again when it is over', async () => {
  const limit = limiting(Ratelimit.fixedWindow(1, '1 s'), { ephemeralCache: false });
  const caller = key('caller');
  await limit.limit(caller);
  await eventually('the next window', async () => (await limit.limit(caller)).success);
});

it('blockUntilReady waits for the next window, but not longer than told', async () => {
  const short = limiting(Ratelimit.fixedWindow(1, '1 s'));
  const caller = key('caller');
  await short.limit(caller);
  assert.equal((await short.blockUntilReady(caller, 10_000)).success, true);
  const long = limiting(Ratelimit.slidingWindow(1, '7 d'));
  await long.limit(caller);
  assert.equal((await long.blockUntilReady(caller, 200)).success, false);
});

it('a token bucket refills', async () => {
  const limit = limiting(Ratelimit.tokenBucket(5, '1 s', 5), { ephemeralCache: false });
  const caller = key('caller');
  assert.equal((await limit.limit(caller, { rate: 5 })).success, true);
  await eventually('five more permits', async () => (await limit.limit(caller, { rate: 5 })).success);
});

it('a blocked caller costs no request until the window is over', async () => {
  const limit = limiting(Ratelimit.slidingWindow(1, '7 d'), { ephemeralCache: new Map() });
  const caller = key('caller');
  await limit.limit(caller);
  await limit.limit(caller);
  const { result, requests } = await recorded(() => limit.limit(caller));
  assert.deepEqual([result.success, result.reason, requests.length], [false, 'cacheBlock', 0]);
});

it('a prefix without a hash tag is refused with the prefix that works', onCluster, async () => {
  const limit = limiting(Ratelimit.slidingWindow(2, '7 d'), { prefix: key('untagged') });
  for (let i = 0; i < 3; i++) {
    await assert.rejects(limit.limit(key('caller')), (error) => {
      assert.match(error.message, /CROSSSLOT .*new Ratelimit\(\{ prefix: "\{ratelimit\}"/);
      return true;
    });
  }
});

it('a limit can be changed while it is in use', async () => {
  const limit = limiting(Ratelimit.slidingWindow(2, '7 d'), { prefix: `{${key('dynamic')}}`, dynamicLimits: true, ephemeralCache: false });
  const caller = 'caller';
  assert.deepEqual(await limit.getDynamicLimit(), { dynamicLimit: null });
  await limit.setDynamicLimit({ limit: 5 });
  assert.deepEqual(await limit.getDynamicLimit(), { dynamicLimit: 5 });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => limit.limit(caller)));
  assert.equal(allowed(outcomes), 5);
  assert.equal(outcomes[0].limit, 5);
  await limit.setDynamicLimit({ limit: false });
  assert.deepEqual(await limit.getDynamicLimit(), { dynamicLimit: null });
});

it('analytics count who was allowed and who was blocked', async () => {
  const limit = limiting(Ratelimit.fixedWindow(3, '7 d'), { prefix: `{${key('analytics')}}`, analytics: true, ephemeralCache: false });
  for (const caller of ['ada', 'grace']) {
    for (let i = 0; i < 5; i++) {
      await (await limit.limit(caller, { geo: { country: 'UK' } })).pending;
    }
  }
  const usage = await limit.analytics.getUsage(Date.now() - 3 * 60 * 60 * 1000);
  assert.deepEqual(usage, { ada: { success: 3, blocked: 2 }, grace: { success: 3, blocked: 2 } });
  const top = await limit.analytics.getMostAllowedBlocked(2, 5);
  assert.deepEqual(top.allowed.map(({ count }) => count), [3, 3]);
  assert.deepEqual(top.ratelimited.map(({ identifier }) => identifier).sort(), ['ada', 'grace']);
  const overTime = await limit.analytics.getUsageOverTime(2, 'identifier');
  assert.equal(overTime.reduce((sum, { identifier }) => sum + (identifier?.ada ?? 0), 0), 5);
});

describe('deny list', () => {
  it('denies a caller, an address, a user agent or a country that is on it, and no other', async () => {
    const redis = client();
    const own = `{${key('deny')}}`;
    // Without this the SDK would fetch a list of addresses from the internet.
    await IpDenyList.disableIpDenyList(redis, own);
    const denied = { ip: key('ip'), userAgent: key('agent'), country: key('country') };
    const deniedCaller = key('caller');
    await redis.sadd(`${own}:denyList:all`, deniedCaller, ...Object.values(denied));
    const limit = limiting(Ratelimit.slidingWindow(100, '7 d'), { prefix: own, enableProtection: true, redis });
    for (const [what, value] of Object.entries(denied)) {
      for (let i = 0; i < 2; i++) {
        const outcome = await limit.limit(key('caller'), { [what]: value });
        assert.deepEqual([outcome.success, outcome.reason, outcome.deniedValue], [false, 'denyList', value]);
      }
    }
    assert.equal((await limit.limit(deniedCaller)).deniedValue, deniedCaller);
    const outcome = await limit.limit(key('caller'), { ip: key('ip'), country: key('country') });
    assert.deepEqual([outcome.success, outcome.reason], [true, undefined]);
  });

  it('refuses a threshold that there is none of', async () => {
    await assert.rejects(IpDenyList.updateIpDenyList(client(), key('deny'), 9), /threshold values are from 1 to 8/);
  });
});
