import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { before, client, family, it, key, readOnlyToken, recorded, tagged, url } from './suite.mjs';

family('errors', (redis) => {
  it('rejects with an UpstashError that carries the error of the engine', async () => {
    const k = key();
    await redis.set(k, 'text');
    await assert.rejects(redis.incr(k), { name: 'UpstashError', message: /ERR value is not an integer or out of range/ });
    await assert.rejects(redis.lpush(k, 'x'), { name: 'UpstashError', message: /WRONGTYPE Operation against a key/ });
    await assert.rejects(redis.get(k, 'too', 'many'), { name: 'UpstashError', message: /ERR wrong number of arguments for 'get' command/ });
    await assert.rejects(redis.set(k, 'v', { ex: -1 }), { name: 'UpstashError', message: /ERR invalid expire time/ });
  });

  it('rejects an unknown command by its name', async () => {
    await assert.rejects(redis.exec(['nosuchcommand', 'a']), { name: 'UpstashError', message: /ERR unknown command.*nosuchcommand/i });
  });

  it('names a command that the engine does not have', before(8), async () => {
    await assert.rejects(redis.json.set(key(), '$', { a: 1 }), { name: 'UpstashError', message: /ERR.*JSON\.SET/i });
  });

  it('refuses an argument that is null or undefined, and executes nothing', async () => {
    const k = key();
    await assert.rejects(redis.set(k, undefined), { name: 'UpstashError', message: /ERR/ });
    assert.equal(await redis.exists(k), 0);
  });
});

it('rejects a wrong token as unauthorised', async () => {
  for (const options of [{}, { enableAutoPipelining: false }]) {
    const stranger = client({ token: 'wrong', ...options });
    await assert.rejects(stranger.set(key(), 1), { name: 'UpstashError', message: /Unauthorized|WRONGPASS/i });
    await assert.rejects(stranger.multi().set(key(), 1).exec(), { name: 'UpstashError', message: /Unauthorized|WRONGPASS/i });
  }
});

it('takes an address that ends in a slash', async () => {
  const k = key();
  assert.equal(await client({ url: `${url}/` }).set(k, 1), 'OK');
});

it('gives each of many requests its own answer while others are aborted', async () => {
  const redis = client({ enableAutoPipelining: false });
  const names = Array.from({ length: 100 }, () => key());
  await Promise.all(names.map((name) => redis.set(name, name.repeat(500))));
  for (let round = 0; round < 5; round++) {
    const controller = new AbortController();
    const leaving = client({ enableAutoPipelining: false, signal: controller.signal, retry: false });
    const aborted = names.map((name) => leaving.get(name).catch(() => {}));
    const answers = Promise.all(names.map((name) => redis.get(name)));
    await redis.ping();
    controller.abort();
    assert.deepEqual(await answers, names.map((name) => name.repeat(500)));
    await Promise.all(aborted);
  }
});

describe('sync token', () => {
  it('changes with each answer, and each request echoes the last', async () => {
    const redis = client({ enableAutoPipelining: false });
    const k = key();
    const { requests } = await recorded(async () => {
      await redis.set(k, 1);
      await redis.get(k);
      await redis.pipeline().set(k, 2).get(k).exec();
      await redis.multi().incr(k).exec();
      await redis.get(k);
    });
    const given = requests.map(({ answerHeaders }) => answerHeaders.get('upstash-sync-token'));
    given.forEach((it) => assert.ok(it));
    assert.equal(new Set(given).size, 5);
    assert.deepEqual(requests.map(({ headers }) => headers.get('upstash-sync-token')), ['', ...given.slice(0, -1)]);
    assert.equal(redis.readYourWritesSyncToken, given.at(-1));
  });

  it('lets a second client read what the first has written', async () => {
    const [writer, reader] = [client(), client()];
    const k = key();
    for (let i = 0; i < 50; i++) {
      await writer.set(k, i);
      reader.readYourWritesSyncToken = writer.readYourWritesSyncToken;
      assert.equal(await reader.get(k), i);
    }
  });

  it('takes any token, also one that it never gave', async () => {
    const redis = client();
    for (const strange of ['x', 'a'.repeat(1000), '{"a":1}', '0:0']) {
      redis.readYourWritesSyncToken = strange;
      assert.equal(await redis.get(key()), null);
    }
  });

  it('is not sent when read-your-writes is off', async () => {
    const { requests } = await recorded(() => client({ readYourWrites: false }).get(key()));
    assert.equal(requests[0].headers.has('upstash-sync-token'), false);
  });
});

describe('read-only token', { skip: !readOnlyToken && 'LARDER_READ_ONLY_TOKEN is not set' }, () => {
  const reader = client({ token: readOnlyToken });
  const redis = client();

  it('reads', async () => {
    const [text, hash, list, set, ranks] = tagged(5);
    await redis.multi().set(text, 'v').hset(hash, { a: 1 }).rpush(list, 'x').sadd(set, 'm').zadd(ranks, { score: 1, member: 'z' }).exec();
    assert.deepEqual(
      await Promise.all([reader.get(text), reader.mget(text), reader.hgetall(hash), reader.lrange(list, 0, -1), reader.smembers(set), reader.zrange(ranks, 0, -1), reader.exists(text), reader.ttl(text), reader.ping()]),
      ['v', ['v'], { a: 1 }, ['x'], ['m'], ['z'], 1, -1, 'PONG'],
    );
  });

  for (const [what, attempt] of Object.entries({
    set: (k) => reader.set(k, 'w'),
    del: (k) => reader.del(k),
    expire: (k) => reader.expire(k, 1),
    getdel: (k) => reader.getdel(k),
    getex: (k) => reader.getex(k, { ex: 1 }),
    hset: () => reader.hset(key(), { a: 1 }),
    'a set in a pipeline': (k) => reader.pipeline().get(k).set(k, 'w').exec(),
    'a set in a transaction': (k) => reader.multi().get(k).set(k, 'w').exec(),
    'a set in a script': (k) => reader.eval("return redis.call('SET', KEYS[1], 'w')", [k], []),
    'script load': () => reader.scriptLoad('return 1'),
    publish: () => reader.publish(key('channel'), 'x'),
    flushall: () => reader.flushall(),
    flushdb: () => reader.flushdb(),
    scan: () => reader.scan('0', { match: `${key()}*` }),
    keys: () => reader.keys(`${key()}*`),
  })) {
    it(`refuses ${what} with NOPERM, and nothing changes`, async () => {
      const k = key();
      await redis.set(k, 'v');
      await assert.rejects(attempt(k), { name: 'UpstashError', message: /NOPERM/ });
      assert.deepEqual([await redis.get(k), await redis.ttl(k)], ['v', -1]);
    });
  }

  it('refuses to administer the engine', async () => {
    for (const words of [['CONFIG', 'GET', 'requirepass'], ['ACL', 'LIST'], ['MODULE', 'LIST'], ['DEBUG', 'JMAP']]) {
      await assert.rejects(reader.exec(words), { name: 'UpstashError', message: /NOPERM|ERR/ });
    }
  });
});
