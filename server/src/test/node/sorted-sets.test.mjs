import assert from 'node:assert/strict';
import { family, it, key, tagged } from './suite.mjs';

family('sorted sets', (redis) => {
  const ranked = (...members) => rankedAt(key(), ...members);
  const rankedAt = async (k, ...members) => {
    await redis.zadd(k, ...members.map((member, i) => ({ score: i + 1, member })));
    return k;
  };

  it('adds members and reads them by rank, with and without scores, both ways', async () => {
    const k = await ranked('a', 'b', 'c');
    assert.deepEqual(await redis.zrange(k, 0, -1), ['a', 'b', 'c']);
    assert.deepEqual(await redis.zrange(k, 0, 0, { rev: true }), ['c']);
    assert.deepEqual(await redis.zrange(k, 0, -1, { withScores: true }), ['a', 1, 'b', 2, 'c', 3]);
  });

  it('reads by score and by name, a page at a time', async () => {
    const k = await ranked('a', 'b', 'c', 'd');
    assert.deepEqual(await redis.zrange(k, 2, '+inf', { byScore: true }), ['b', 'c', 'd']);
    assert.deepEqual(await redis.zrange(k, '(2', 4, { byScore: true, offset: 1, count: 1 }), ['d']);
    assert.deepEqual(await redis.zrange(k, '[b', '(d', { byLex: true }), ['b', 'c']);
  });

  it('adds only new or only known members, only lower or only higher scores', async () => {
    const k = await ranked('a');
    assert.equal(await redis.zadd(k, { nx: true }, { score: 9, member: 'a' }), 0);
    assert.equal(await redis.zadd(k, { xx: true }, { score: 9, member: 'b' }), 0);
    assert.equal(await redis.zadd(k, { ch: true }, { score: 5, member: 'a' }, { score: 1, member: 'c' }), 2);
    assert.equal(await redis.zadd(k, { gt: true, ch: true }, { score: 4, member: 'a' }), 0);
    assert.equal(await redis.zadd(k, { lt: true, ch: true }, { score: 4, member: 'a' }), 1);
    assert.equal(await redis.zadd(k, { incr: true }, { score: 1.5, member: 'a' }), 5.5);
    assert.equal(await redis.zadd(k, { nx: true, incr: true }, { score: 1, member: 'a' }), null);
  });

  it('reads scores and ranks, null for a stranger', async () => {
    const k = await ranked('a', 'b');
    assert.equal(await redis.zscore(k, 'b'), 2);
    assert.equal(await redis.zscore(k, 'z'), null);
    assert.deepEqual(await redis.zmscore(k, ['a', 'z', 'b']), [1, null, 2]);
    assert.equal(await redis.zrank(k, 'b'), 1);
    assert.equal(await redis.zrevrank(k, 'b'), 0);
    assert.equal(await redis.zrank(k, 'z'), null);
  });

  it('keeps fractions and infinities', async () => {
    const k = key();
    await redis.zadd(k, { score: 0.25, member: 'quarter' });
    await redis.zadd(k, { score: '-inf', member: 'least' }, { score: '+inf', member: 'most' });
    assert.deepEqual(await redis.zrange(k, 0, -1, { withScores: true }), ['least', '-inf', 'quarter', 0.25, 'most', 'inf']);
  });

  it('counts members, all, between scores and between names', async () => {
    const k = await ranked('a', 'b', 'c');
    assert.equal(await redis.zcard(k), 3);
    assert.equal(await redis.zcount(k, 2, '+inf'), 2);
    assert.equal(await redis.zlexcount(k, '-', '[b'), 2);
    assert.equal(await redis.zincrby(k, 0.5, 'a'), 1.5);
  });

  it('pops the lowest and the highest with their scores', async () => {
    const k = await ranked('a', 'b', 'c', 'd');
    assert.deepEqual(await redis.zpopmin(k), ['a', 1]);
    assert.deepEqual(await redis.zpopmax(k, 2), ['d', 4, 'c', 3]);
    assert.deepEqual(await redis.zpopmin(key()), []);
  });

  it('removes by name, by rank, by score and by names between two', async () => {
    const k = await ranked('a', 'b', 'c', 'd', 'e');
    assert.equal(await redis.zrem(k, 'a', 'z'), 1);
    assert.equal(await redis.zremrangebyrank(k, 0, 0), 1);
    assert.equal(await redis.zremrangebyscore(k, 3, 3), 1);
    assert.equal(await redis.zremrangebylex(k, '[d', '[d'), 1);
    assert.deepEqual(await redis.zrange(k, 0, -1), ['e']);
  });

  it('unites and intersects with weights, and subtracts', async () => {
    const [a, b, to] = tagged(3);
    await rankedAt(a, 'x', 'y');
    await rankedAt(b, 'y', 'z');
    assert.deepEqual(await redis.zunion(2, [a, b], { withScores: true }), ['x', 1, 'z', 2, 'y', 3]);
    assert.equal(await redis.zunionstore(to, 2, [a, b], { weights: [10, 1], aggregate: 'max' }), 3);
    assert.deepEqual(await redis.zrange(to, 0, -1, { withScores: true }), ['z', 2, 'x', 10, 'y', 20]);
    assert.equal(await redis.zinterstore(to, 2, [a, b], { aggregate: 'sum' }), 1);
    assert.deepEqual(await redis.zrange(to, 0, -1, { withScores: true }), ['y', 3]);
    assert.equal(await redis.zdiffstore(to, 2, a, b), 1);
    assert.deepEqual(await redis.zrange(to, 0, -1), ['x']);
  });

  it('walks through a large sorted set, each member once or more', async () => {
    const k = key();
    const members = Array.from({ length: 1000 }, (_, i) => ({ score: i, member: `member-${i}` }));
    await redis.zadd(k, ...members);
    const found = new Map();
    let cursor = '0';
    do {
      const [next, page] = await redis.zscan(k, cursor, { count: 50 });
      for (let i = 0; i < page.length; i += 2) {
        found.set(page[i], page[i + 1]);
      }
      cursor = next;
    } while (cursor !== '0');
    assert.equal(found.size, 1000);
    members.forEach(({ score, member }) => assert.equal(found.get(member), score));
    const [, matching] = await redis.zscan(k, 0, { match: 'member-77*', count: 10_000 });
    assert.equal(matching.length, 2 * 11);
  });
});
