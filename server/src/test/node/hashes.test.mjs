import assert from 'node:assert/strict';
import { before, family, it, key, since } from './suite.mjs';

family('hashes', (redis) => {
  it('sets fields and reads one, several and all of them', async () => {
    const k = key();
    assert.equal(await redis.hset(k, { name: 'Ada', born: 1815, tags: ['x', 'y'] }), 3);
    assert.equal(await redis.hset(k, { name: 'Grace' }), 0);
    assert.equal(await redis.hget(k, 'name'), 'Grace');
    assert.equal(await redis.hget(k, 'nothing'), null);
    assert.deepEqual(await redis.hgetall(k), { name: 'Grace', born: 1815, tags: ['x', 'y'] });
    assert.deepEqual(await redis.hmget(k, 'born', 'nothing'), { born: 1815, nothing: null });
  });

  it('answers null for a hash that does not exist', async () => {
    assert.equal(await redis.hgetall(key()), null);
    assert.equal(await redis.hmget(key(), 'a', 'b'), null);
  });

  it('keeps the digits of a number too large for JavaScript', async () => {
    const k = key();
    await redis.hset(k, { id: '9007199254740993' });
    assert.deepEqual(await redis.hgetall(k), { id: '9007199254740993' });
    assert.equal(await redis.hincrby(k, 'id', 2), '9007199254740995');
  });

  it('lists fields and values, and tells how many there are', async () => {
    const k = key();
    assert.equal(await redis.hmset(k, { a: 'x', b: 'OK' }), 'OK');
    assert.deepEqual(await redis.hkeys(k), ['a', 'b']);
    assert.deepEqual(await redis.hvals(k), ['x', 'OK']);
    assert.equal(await redis.hlen(k), 2);
    assert.equal(await redis.hexists(k, 'a'), 1);
    assert.equal(await redis.hexists(k, 'c'), 0);
    assert.equal(await redis.hstrlen(k, 'b'), 2);
  });

  it('counts in a field by whole numbers and fractions', async () => {
    const k = key();
    assert.equal(await redis.hincrby(k, 'n', 5), 5);
    assert.equal(await redis.hincrby(k, 'n', -8), -3);
    assert.equal(await redis.hincrbyfloat(k, 'n', 0.25), -2.75);
  });

  it('sets a field only if it is new, and deletes fields', async () => {
    const k = key();
    assert.equal(await redis.hsetnx(k, 'a', 1), 1);
    assert.equal(await redis.hsetnx(k, 'a', 2), 0);
    assert.equal(await redis.hdel(k, 'a', 'b'), 1);
    assert.equal(await redis.exists(k), 0);
  });

  it('picks random fields, alone and with their values', async () => {
    const k = key();
    await redis.hset(k, { a: 'one', b: 'two' });
    assert.ok(['a', 'b'].includes(await redis.hrandfield(k)));
    assert.deepEqual((await redis.hrandfield(k, 2)).sort(), ['a', 'b']);
    assert.deepEqual(await redis.hrandfield(k, 2, true), { a: 'one', b: 'two' });
  });

  it('takes empty and odd field names', async () => {
    const k = key();
    const fields = { '': 'empty', 'with space': 'b', 'новое': 'c', '"quoted"\r\n': 'd', '\0': 'e' };
    await redis.hset(k, fields);
    assert.deepEqual(await redis.hgetall(k), fields);
    assert.equal(await redis.hget(k, ''), 'empty');
  });

  it('walks through a large hash, each field once or more', async () => {
    const k = key();
    const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field-${i}`, `v${i}`]));
    await redis.hset(k, fields);
    const found = {};
    let cursor = '0';
    do {
      const [next, page] = await redis.hscan(k, cursor, { count: 100 });
      for (let i = 0; i < page.length; i += 2) {
        found[page[i]] = page[i + 1];
      }
      cursor = next;
    } while (cursor !== '0');
    assert.deepEqual(found, fields);
    const [, matching] = await redis.hscan(k, 0, { match: 'field-77*', count: 10_000 });
    assert.equal(matching.length, 2 * 11);
  });

  it('takes fields out', async () => {
    const k = key();
    await redis.hset(k, { a: 1, b: { deep: true }, c: 'c' });
    assert.deepEqual(await redis.hgetdel(k, 'a', 'b', 'none'), { a: 1, b: { deep: true }, none: null });
    assert.deepEqual(await redis.hgetall(k), { c: 'c' });
    assert.equal(await redis.hgetdel(key(), 'a'), null);
  });

  it('expires single fields', since(7, 4), async () => {
    const k = key();
    await redis.hset(k, { a: 1, b: 2 });
    assert.deepEqual(await redis.hexpire(k, ['a', 'c'], 100), [1, -2]);
    assert.ok((await redis.httl(k, 'a'))[0] > 0);
    assert.deepEqual(await redis.hpersist(k, 'a'), [1]);
    assert.deepEqual(await redis.httl(k, ['a', 'b']), [-1, -1]);
  });

  it('names the command where the engine cannot expire single fields', before(7, 4), async () => {
    await assert.rejects(redis.httl(key(), 'a'), /ERR.*httl/i);
  });
});
