import assert from 'node:assert/strict';
import { client, family, it, key, onCluster, tagged } from './suite.mjs';

family('keys', (redis) => {
  it('tells which keys exist, their types, and deletes them', async () => {
    const [a, b, none] = [key(), key(), key()];
    await redis.set(a, 1);
    await redis.rpush(b, 1);
    assert.equal(await redis.exists(a, b, none, a), 3);
    assert.equal(await redis.touch(a, none), 1);
    assert.deepEqual([await redis.type(a), await redis.type(b), await redis.type(none)], ['string', 'list', 'none']);
    assert.equal(await redis.del(a, none), 1);
    assert.equal(await redis.unlink(b), 1);
  });

  it('renames and copies keys', async () => {
    const [a, b, c] = tagged(3);
    await redis.set(a, 'v');
    assert.equal(await redis.rename(a, b), 'OK');
    await assert.rejects(redis.rename(a, b), /ERR no such key/);
    assert.equal(await redis.copy(b, c), 'COPIED');
    assert.equal(await redis.copy(b, c), 'NOT_COPIED');
    assert.equal(await redis.copy(b, c, { replace: true }), 'COPIED');
    assert.equal(await redis.copy(b, b), 'NOT_COPIED');
    assert.equal(await redis.renamenx(b, c), 0);
    assert.equal(await redis.renamenx(b, a), 1);
    assert.equal(await redis.get(a), 'v');
  });

  it('names both keys and the hash tag that helps where a command needs them in one slot', onCluster, async () => {
    for (const refused of [
      (a, b) => redis.rename(a, b),
      (a, b) => redis.copy(a, b),
      (a, b) => redis.msetnx({ [a]: 1, [b]: 2 }),
      (a, b) => redis.sunion(a, b),
      (a, b) => redis.zinterstore(a, 1, [b]),
      (a, b) => redis.eval('return 1', [a, b], []),
      (a, b) => redis.multi().set(a, 1).set(b, 2).exec(),
    ]) {
      const [a, b] = [`{1}${key()}`, `{2}${key()}`];
      await assert.rejects(refused(a, b), (error) => {
        assert.equal(error.name, 'UpstashError');
        assert.match(error.message, /CROSSSLOT .* needs all its keys in one slot of the Cluster/);
        assert.ok(error.message.includes(a.slice(0, 20)) && error.message.includes(b.slice(0, 20)), error.message);
        assert.match(error.message, /hash tag/);
        return true;
      });
      assert.equal(await redis.exists(a, b), 0);
    }
  });

  it('lists keys by a pattern', async () => {
    const base = key('list');
    await redis.mset({ [`${base}:a`]: 1, [`${base}:b`]: 2 });
    assert.deepEqual((await redis.keys(`${base}:*`)).sort(), [`${base}:a`, `${base}:b`]);
    assert.deepEqual(await redis.keys(`${base}:none*`), []);
    assert.ok((await redis.dbsize()) >= 2);
    assert.equal(typeof (await redis.randomkey()), 'string');
  });

  it('walks through all keys of a pattern and of a type', async () => {
    const base = key('walk');
    const names = Array.from({ length: 300 }, (_, i) => `${base}:${i}`);
    await redis.mset(Object.fromEntries(names.map((name) => [name, 1])));
    await redis.rpush(`${base}:list`, 1);
    const walk = async (options) => {
      const found = new Set();
      let cursor = '0';
      do {
        const [next, page] = await redis.scan(cursor, { match: `${base}:*`, count: 100, ...options });
        assert.equal(typeof next, 'string');
        page.forEach((name) => found.add(name));
        cursor = next;
      } while (cursor !== '0');
      return [...found].sort();
    };
    assert.deepEqual(await walk({}), [...names, `${base}:list`].sort());
    assert.deepEqual(await walk({ type: 'list' }), [`${base}:list`]);
  });

  it('tells the types of the keys that it walks through', async () => {
    const base = key('typed');
    await redis.set(`${base}:string`, 1);
    await redis.zadd(`${base}:withtype`, { score: 1, member: 'm' });
    const found = [];
    let cursor = '0';
    do {
      const [next, page] = await redis.scan(cursor, { match: `${base}:*`, count: 1000, withType: true });
      found.push(...page);
      cursor = next;
    } while (cursor !== '0');
    found.sort((one, other) => one.key.localeCompare(other.key));
    assert.deepEqual(found, [
      { key: `${base}:string`, type: 'string' },
      { key: `${base}:withtype`, type: 'zset' },
    ]);
  });

  it('tells when a key expires', async () => {
    const k = key();
    await redis.set(k, 1, { exat: 4102444800 });
    assert.equal(await redis.exec(['EXPIRETIME', k]), 4102444800);
    assert.equal(await redis.exec(['PEXPIRETIME', k]), 4102444800000);
    assert.equal(await redis.exec(['EXPIRETIME', key()]), -2);
  });

  it('restores what it dumped', async () => {
    const [k, copy] = tagged(2);
    await redis.rpush(k, 'a', 'b');
    const script = "return redis.call('RESTORE', KEYS[2], 0, redis.call('DUMP', KEYS[1]))";
    assert.equal(await redis.eval(script, [k, copy], []), 'OK');
    assert.deepEqual(await redis.lrange(copy, 0, -1), ['a', 'b']);
  });

  it('expires keys after a time and at a time', async () => {
    const k = key();
    const soon = Math.floor(Date.now() / 1000) + 100;
    await redis.set(k, 1);
    assert.equal(await redis.ttl(k), -1);
    assert.equal(await redis.pttl(key()), -2);
    for (const expire of [
      () => redis.expire(k, 100),
      () => redis.pexpire(k, 100_000),
      () => redis.expireat(k, soon),
      () => redis.pexpireat(k, soon * 1000),
    ]) {
      assert.equal(await expire(), 1);
      assert.ok((await redis.ttl(k)) > 0 && (await redis.pttl(k)) > 1000);
      assert.equal(await redis.persist(k), 1);
      assert.equal(await redis.persist(k), 0);
    }
    assert.equal(await redis.expire(key(), 100), 0);
    assert.equal(await redis.expireat(k, 1), 1);
    assert.equal(await redis.exists(k), 0);
  });

  it('expires only if the new time is later, sooner, or the first', async () => {
    const k = key();
    await redis.set(k, 1);
    assert.equal(await redis.expire(k, 100, 'XX'), 0);
    assert.equal(await redis.expire(k, 100, 'NX'), 1);
    assert.equal(await redis.expire(k, 50, 'GT'), 0);
    assert.equal(await redis.expire(k, 50, 'LT'), 1);
  });

  it('tells how a value is stored and since when it is idle', async () => {
    const k = key();
    await redis.set(k, 12);
    assert.equal(await redis.exec(['OBJECT', 'ENCODING', k]), 'int');
    assert.equal(await redis.exec(['OBJECT', 'REFCOUNT', k]) >= 1, true);
    assert.equal(typeof (await redis.exec(['OBJECT', 'IDLETIME', k])), 'number');
  });

  it('answers ping, echo and time', async () => {
    assert.equal(await redis.ping(), 'PONG');
    assert.equal(await redis.ping(['hello']), 'hello');
    assert.equal(await redis.echo('эхо'), 'эхо');
    const [seconds, micros] = await redis.time();
    assert.ok(Math.abs(seconds - Date.now() / 1000) < 60 && micros < 1_000_000);
  });
});

family('bitmaps', (redis) => {
  it('sets, reads, counts and finds bits', async () => {
    const k = key();
    assert.equal(await redis.setbit(k, 7, 1), 0);
    assert.equal(await redis.setbit(k, 7, 1), 1);
    assert.equal(await redis.setbit(k, 100, 1), 0);
    assert.equal(await redis.getbit(k, 7), 1);
    assert.equal(await redis.getbit(k, 8), 0);
    assert.equal(await redis.bitcount(k), 2);
    assert.equal(await redis.bitcount(k, 0, 0), 1);
    assert.equal(await redis.bitpos(k, 1), 7);
    assert.equal(await redis.bitpos(k, 1, 1, -1), 100);
    assert.equal(await redis.exec(['BITCOUNT', k, 8, 100, 'BIT']), 1);
    assert.equal(await redis.exec(['BITPOS', k, 1, 8, -1, 'BIT']), 100);
  });

  it('combines bitmaps', async () => {
    const [a, b, to] = tagged(3);
    await redis.setbit(a, 0, 1);
    await redis.setbit(b, 1, 1);
    assert.equal(await redis.bitop('or', to, a, b), 1);
    assert.equal(await redis.bitcount(to), 2);
    assert.equal(await redis.bitop('and', to, a, b), 1);
    assert.equal(await redis.bitcount(to), 0);
    assert.equal(await redis.bitop('xor', to, a, b), 1);
    assert.equal(await redis.bitop('not', to, a), 1);
    assert.equal(await redis.bitcount(to), 7);
  });

  it('combines bitmaps as Redis 8 does', async () => {
    const [a, b, c, to] = tagged(4);
    for (const [name, bits] of [[a, [0, 1, 2]], [b, [1, 2, 3]], [c, [2, 3, 4]]]) {
      for (const bit of bits) {
        await redis.setbit(name, bit, 1);
      }
    }
    const set = async () => {
      const bits = await Promise.all([0, 1, 2, 3, 4, 5].map((bit) => redis.getbit(to, bit)));
      return bits.flatMap((bit, at) => (bit ? [at] : []));
    };
    for (const [operation, bits] of Object.entries({ diff: [0], diff1: [3, 4], andor: [1, 2], one: [0, 4] })) {
      assert.equal(await redis.bitop(operation, to, a, b, c), 1);
      assert.deepEqual(await set(), bits, operation);
    }
    await assert.rejects(redis.bitop('diff', to, a), /ERR BITOP DIFF must be called with at least two source keys/);
  });
});

// The SDK's auto-pipelining has no bitfield: it returns a promise where one would go on building.
it('takes a bitmap for numbers of a few bits', async () => {
  const redis = client({ enableAutoPipelining: false });
  const build = (bitfield) => bitfield.set('u4', 0, 15).get('u4', 0).overflow('SAT').incrby('u4', '#0', 9).overflow('FAIL').incrby('u4', 0, 1);
  assert.deepEqual(await build(redis.bitfield(key())).exec(), [0, 15, 15, null]);
  assert.deepEqual(await build(redis.pipeline().bitfield(key())).exec().exec(), [[0, 15, 15, null]]);
});

family('places', (redis) => {
  const italy = async (k = key()) => {
    const added = await redis.geoadd(
      k,
      { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' },
      { longitude: 15.087269, latitude: 37.502669, member: 'Catania' },
    );
    assert.equal(added, 2);
    return k;
  };

  it('keeps positions, distances and hashes', async () => {
    const k = await italy();
    const [palermo] = await redis.geopos(k, 'Palermo', 'Nowhere');
    assert.ok(Math.abs(palermo.lng - 13.361389) < 1e-4 && Math.abs(palermo.lat - 38.115556) < 1e-4);
    assert.equal(Math.round(await redis.geodist(k, 'Palermo', 'Catania', 'KM')), 166);
    assert.equal(await redis.geodist(k, 'Palermo', 'Nowhere'), null);
    assert.deepEqual(await redis.geohash(k, 'Palermo', 'Nowhere'), ['sqc8b49rny0', null]);
  });

  it('finds what is near, with distances and positions, and stores it', async () => {
    const [k, to] = tagged(2);
    await italy(k);
    const centre = { type: 'FROMLONLAT', coordinate: { lon: 15, lat: 37 } };
    const circle = { type: 'BYRADIUS', radius: 200, radiusType: 'KM' };
    assert.deepEqual(await redis.geosearch(k, centre, circle, 'ASC'), [{ member: 'Catania' }, { member: 'Palermo' }]);
    const [nearest] = await redis.geosearch(k, centre, circle, 'ASC', { count: { limit: 1 }, withDist: true, withCoord: true, withHash: true });
    assert.equal(nearest.member, 'Catania');
    assert.equal(Math.round(nearest.dist), 56);
    assert.equal(nearest.hash, '3479447370796909');
    assert.equal(Math.round(nearest.coord.long), 15);
    const box = { type: 'BYBOX', rect: { width: 400, height: 400 }, rectType: 'KM' };
    assert.equal(await redis.geosearchstore(to, k, { type: 'FROMMEMBER', member: 'Palermo' }, box, 'ASC'), 2);
    assert.equal(await redis.zcard(to), 2);
  });
});

family('HyperLogLog', (redis) => {
  it('counts distinct elements, and those of several together', async () => {
    const [a, b, to] = tagged(3);
    assert.equal(await redis.pfadd(a, 'x', 'y', 'z'), 1);
    assert.equal(await redis.pfadd(a, 'x'), 0);
    await redis.pfadd(b, 'z', 'w');
    assert.equal(await redis.pfcount(a), 3);
    assert.equal(await redis.pfcount(a, b), 4);
    assert.equal(await redis.pfmerge(to, a, b), 'OK');
    assert.equal(await redis.pfcount(to), 4);
  });
});
