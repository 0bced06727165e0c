import assert from 'node:assert/strict';
import { family, it, key, tagged } from './suite.mjs';

family('sets', (redis) => {
  it('adds, removes and lists members', async () => {
    const k = key();
    assert.equal(await redis.sadd(k, 'a', 'b', 'a', { c: 1 }), 3);
    assert.equal(await redis.srem(k, 'b', 'none'), 1);
    assert.equal(await redis.scard(k), 2);
    const members = await redis.smembers(k);
    assert.equal(members.length, 2);
    assert.ok(members.includes('a'));
    assert.deepEqual(members.find((it) => it !== 'a'), { c: 1 });
  });

  it('tells whether one or several are members', async () => {
    const k = key();
    await redis.sadd(k, 'a', '');
    assert.equal(await redis.sismember(k, 'a'), 1);
    assert.equal(await redis.sismember(k, 'b'), 0);
    assert.deepEqual(await redis.smismember(k, ['a', 'b', '']), [1, 0, 1]);
  });

  it('moves and pops members, and picks random ones', async () => {
    const [from, to] = tagged(2);
    await redis.sadd(from, 'a');
    assert.equal(await redis.smove(from, to, 'a'), 1);
    assert.equal(await redis.smove(from, to, 'a'), 0);
    assert.equal(await redis.srandmember(to), 'a');
    assert.deepEqual(await redis.srandmember(to, 5), ['a']);
    assert.equal(await redis.spop(to), 'a');
    assert.equal(await redis.spop(to), null);
    await redis.sadd(to, 'b', 'c');
    assert.deepEqual((await redis.spop(to, 9)).sort(), ['b', 'c']);
  });

  it('takes differences, intersections and unions, and stores them', async () => {
    const [a, b, to] = tagged(3);
    await redis.sadd(a, 'x', 'y', 'z');
    await redis.sadd(b, 'y', 'z', 'w');
    assert.deepEqual(await redis.sdiff(a, b), ['x']);
    assert.deepEqual((await redis.sinter(a, b)).sort(), ['y', 'z']);
    assert.deepEqual((await redis.sunion(a, b)).sort(), ['w', 'x', 'y', 'z']);
    assert.equal(await redis.sdiffstore(to, a, b), 1);
    assert.equal(await redis.sinterstore(to, a, b), 2);
    assert.equal(await redis.sunionstore(to, a, b), 4);
  });

  it('counts an intersection up to a limit', async () => {
    const [a, b] = tagged(2);
    await redis.sadd(a, 'x', 'y', 'z');
    await redis.sadd(b, 'x', 'y', 'z');
    assert.equal(await redis.sintercard([a, b]), 3);
    assert.equal(await redis.sintercard([a, b], { limit: 2 }), 2);
  });

  it('walks through a large set, each member once or more', async () => {
    const k = key();
    const members = Array.from({ length: 1000 }, (_, i) => `member-${i}`);
    await redis.sadd(k, ...members);
    const found = new Set();
    let cursor = '0';
    do {
      const [next, page] = await redis.sscan(k, cursor, { count: 50 });
      page.forEach((it) => found.add(it));
      cursor = next;
    } while (cursor !== '0');
    assert.deepEqual([...found].sort(), members.sort());
    const [, matching] = await redis.sscan(k, 0, { match: 'member-77*', count: 10_000 });
    assert.equal(matching.length, 11);
  });
});
