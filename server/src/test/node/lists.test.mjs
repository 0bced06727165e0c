import assert from 'node:assert/strict';
import { family, it, key, tagged } from './suite.mjs';

family('lists', (redis) => {
  it('pushes at both ends and reads a range', async () => {
    const k = key();
    assert.equal(await redis.rpush(k, 'b', 'c'), 2);
    assert.equal(await redis.lpush(k, 'a'), 3);
    assert.deepEqual(await redis.lrange(k, 0, -1), ['a', 'b', 'c']);
    assert.equal(await redis.llen(k), 3);
    assert.equal(await redis.lindex(k, -1), 'c');
    assert.equal(await redis.lindex(k, 9), null);
  });

  it('answers an empty list for a key that does not exist', async () => {
    assert.deepEqual(await redis.lrange(key(), 0, -1), []);
  });

  it('keeps each element as it was', async () => {
    const k = key();
    const elements = ['', 'OK', 1, { a: [null] }, ['nested'], 'T0s=', '\0', '"', true];
    await redis.rpush(k, ...elements);
    assert.deepEqual(await redis.lrange(k, 0, -1), elements);
  });

  it('pops one element, several, or none', async () => {
    const k = key();
    await redis.rpush(k, 'a', 'b', 'c', 'd', 'e');
    assert.equal(await redis.lpop(k), 'a');
    assert.equal(await redis.rpop(k), 'e');
    assert.deepEqual(await redis.lpop(k, 2), ['b', 'c']);
    assert.deepEqual(await redis.rpop(k, 9), ['d']);
    assert.equal(await redis.lpop(k), null);
    assert.equal(await redis.rpop(k, 2), null);
  });

  it('pushes only onto a list that exists with lpushx and rpushx', async () => {
    const k = key();
    assert.equal(await redis.lpushx(k, 'a'), 0);
    assert.equal(await redis.rpushx(k, 'a'), 0);
    await redis.rpush(k, 'b');
    assert.equal(await redis.lpushx(k, 'a'), 2);
    assert.equal(await redis.rpushx(k, 'c'), 3);
  });

  it('inserts, replaces, removes and trims', async () => {
    const k = key();
    await redis.rpush(k, 'a', 'c', 'x', 'x');
    assert.equal(await redis.linsert(k, 'before', 'c', 'b'), 5);
    assert.equal(await redis.linsert(k, 'after', 'none', 'b'), -1);
    assert.equal(await redis.lset(k, 0, 'A'), 'OK');
    assert.equal(await redis.lrem(k, 0, 'x'), 2);
    assert.deepEqual(await redis.lrange(k, 0, -1), ['A', 'b', 'c']);
    assert.equal(await redis.ltrim(k, 1, 1), 'OK');
    assert.deepEqual(await redis.lrange(k, 0, -1), ['b']);
  });

  it('finds positions of an element', async () => {
    const k = key();
    await redis.rpush(k, 'a', 'b', 'a', 'b', 'a');
    assert.equal(await redis.lpos(k, 'a'), 0);
    assert.equal(await redis.lpos(k, 'z'), null);
    assert.deepEqual(await redis.lpos(k, 'a', { count: 0 }), [0, 2, 4]);
    assert.equal(await redis.lpos(k, 'a', { rank: -1 }), 4);
    assert.deepEqual(await redis.lpos(k, 'b', { count: 2, maxLen: 2 }), [1]);
  });

  it('moves an element from one list to another', async () => {
    const [from, to, none] = tagged(3);
    await redis.rpush(from, 'a', 'b');
    assert.equal(await redis.lmove(from, to, 'right', 'left'), 'b');
    assert.equal(await redis.lmove(none, to, 'right', 'left'), null);
    assert.deepEqual(await redis.lrange(to, 0, -1), ['b']);
  });

  it('pops from the first of several lists that has elements', async () => {
    const [empty, full] = tagged(2);
    await redis.rpush(full, 'a', 'b', 'c');
    assert.deepEqual(await redis.lmpop(2, [empty, full], 'LEFT', 2), [full, ['a', 'b']]);
    assert.equal(await redis.lmpop(1, [empty], 'LEFT'), null);
  });
});
