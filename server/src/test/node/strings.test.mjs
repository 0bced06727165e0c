import assert from 'node:assert/strict';
import { family, it, key, tagged } from './suite.mjs';

family('strings', (redis) => {
  it('stores a value and reads it back', async () => {
    const k = key();
    assert.equal(await redis.set(k, 'value'), 'OK');
    assert.equal(await redis.get(k), 'value');
  });

  it('answers null for a key that does not exist', async () => {
    assert.equal(await redis.get(key()), null);
    assert.equal(await redis.getdel(key()), null);
  });

  for (const [what, value] of Object.entries({
    object: { a: 1, b: { c: [true, null, 'x'] } },
    array: [1, 'two', { three: 3 }],
    'empty array': [],
    'whole number': 42,
    'negative number': -7,
    fraction: 0.125,
    boolean: true,
    null: null,
    'empty string': '',
    'string that only looks encoded': 'T0s=',
    'string OK': 'OK',
    'string with quotes, backslashes and control characters': 'a"b\\c\n\r\t\b\f\u0001/',
    'string of several scripts': 'жлоб ✓ 漢字 👩‍👩‍👧 \u2028\u2029',
  })) {
    it(`gives a stored ${what} back as it was`, async () => {
      const k = key();
      await redis.set(k, value);
      assert.deepEqual(await redis.get(k), value);
    });
  }

  it('sets only a new key with nx, only an existing one with xx', async () => {
    const k = key();
    assert.equal(await redis.set(k, 'a', { xx: true }), null);
    assert.equal(await redis.set(k, 'b', { nx: true }), 'OK');
    assert.equal(await redis.set(k, 'c', { nx: true }), null);
    assert.equal(await redis.set(k, 'd', { xx: true }), 'OK');
    assert.equal(await redis.get(k), 'd');
  });

  it('returns the old value of a set with get', async () => {
    const k = key();
    assert.equal(await redis.set(k, 'old', { get: true }), null);
    assert.equal(await redis.set(k, 'new', { get: true }), 'old');
    assert.equal(await redis.set(k, 'newer', { get: true, nx: true }), 'new');
    assert.equal(await redis.get(k), 'new');
    const fresh = key();
    assert.equal(await redis.set(fresh, 'v', { get: true, nx: true, ex: 100 }), null);
    assert.ok((await redis.ttl(fresh)) > 0);
  });

  for (const [option, value] of Object.entries({
    ex: 100,
    px: 100_000,
    exat: Math.floor(Date.now() / 1000) + 100,
    pxat: Date.now() + 100_000,
  })) {
    it(`expires a value set with ${option}, and keeps the rest of that time with keepTtl`, async () => {
      const k = key();
      await redis.set(k, 'v', { [option]: value });
      assert.ok((await redis.ttl(k)) > 0 && (await redis.ttl(k)) <= 101);
      await redis.set(k, 'w', { keepTtl: true });
      assert.ok((await redis.ttl(k)) > 0);
      await redis.set(k, 'x');
      assert.equal(await redis.ttl(k), -1);
    });
  }

  it('appends, measures, cuts and overwrites a part', async () => {
    const k = key();
    assert.equal(await redis.append(k, 'Hello'), 5);
    assert.equal(await redis.append(k, ' World'), 11);
    assert.equal(await redis.strlen(k), 11);
    assert.equal(await redis.getrange(k, -5, -1), 'World');
    assert.equal(await redis.setrange(k, 6, 'Redis'), 11);
    assert.equal(await redis.get(k), 'Hello Redis');
  });

  it('pads an overwritten part beyond the end with NUL', async () => {
    const k = key();
    assert.equal(await redis.setrange(k, 3, 'x'), 4);
    assert.equal(await redis.get(k), '\0\0\0x');
  });

  it('reads and replaces, reads and deletes, reads and changes the expiry', async () => {
    const k = key();
    assert.equal(await redis.getset(k, 'a'), null);
    assert.equal(await redis.getset(k, 'b'), 'a');
    assert.equal(await redis.getex(k, { ex: 100 }), 'b');
    assert.ok((await redis.ttl(k)) > 0);
    assert.equal(await redis.getex(k, { persist: true }), 'b');
    assert.equal(await redis.ttl(k), -1);
    assert.equal(await redis.getdel(k), 'b');
    assert.equal(await redis.exists(k), 0);
  });

  it('writes and reads many keys at once, with null for the absent', async () => {
    const [a, b, c, d] = tagged(4);
    assert.equal(await redis.mset({ [a]: 1, [b]: { deep: ['x'] } }), 'OK');
    assert.deepEqual(await redis.mget(a, c, b), [1, null, { deep: ['x'] }]);
    assert.deepEqual(await redis.mget([a, b]), [1, { deep: ['x'] }]);
    assert.equal(await redis.msetnx({ [c]: 1, [a]: 2 }), 0);
    assert.equal(await redis.exists(c), 0);
    assert.equal(await redis.msetnx({ [c]: 1, [d]: 2 }), 1);
  });

  it('writes and reads many keys at once wherever a Cluster has them', async () => {
    const names = Array.from({ length: 100 }, (_, i) => key());
    assert.equal(await redis.mset(Object.fromEntries(names.map((name, i) => [name, i]))), 'OK');
    assert.deepEqual(await redis.mget(key(), ...names), [null, ...names.map((_, i) => i)]);
    assert.equal(await redis.exists(...names, key()), 100);
    assert.equal(await redis.touch(...names), 100);
    assert.equal(await redis.del(...names.slice(50)), 50);
    assert.equal(await redis.unlink(...names), 50);
  });

  it('gives a nested OK back as OK', async () => {
    const k = key();
    await redis.set(k, 'OK');
    assert.deepEqual(await redis.mget(k, k), ['OK', 'OK']);
  });

  it('sets with an expiry by setex and psetex, and if new by setnx', async () => {
    const k = key();
    assert.equal(await redis.setex(k, 100, 'a'), 'OK');
    assert.equal(await redis.psetex(k, 100_000, 'b'), 'OK');
    assert.ok((await redis.ttl(k)) > 0);
    assert.equal(await redis.setnx(k, 'c'), 0);
    assert.equal(await redis.setnx(key(), 'c'), 1);
    assert.equal(await redis.get(k), 'b');
  });

  it('counts up and down by whole numbers and fractions', async () => {
    const k = key();
    assert.equal(await redis.incr(k), 1);
    assert.equal(await redis.incrby(k, 9), 10);
    assert.equal(await redis.decr(k), 9);
    assert.equal(await redis.decrby(k, 20), -11);
    assert.equal(await redis.incrbyfloat(k, 0.5), -10.5);
  });

  for (const exact of ['9007199254740993', '-9007199254740993', '9223372036854775807', '-9223372036854775808']) {
    it(`counts to ${exact} without losing a digit, by a string`, async () => {
      const k = key();
      assert.equal(await redis.incrby(k, exact), exact);
      assert.equal(await redis.get(k), exact);
      assert.deepEqual(await redis.mget(k), [exact]);
    });
  }

  for (const safe of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    it(`counts to ${safe}, still by a number`, async () => {
      assert.equal(await redis.incrby(key(), safe), safe);
    });
  }
});
