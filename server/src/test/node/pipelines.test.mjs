import assert from 'node:assert/strict';
import { client, command, family, it, key, raw, recorded, tagged } from './suite.mjs';

family('pipelines', (redis) => {
  it('answers each command in its place', async () => {
    const k = key();
    const results = await redis.pipeline().set(k, { a: 1 }).get(k).hgetall(key()).incr(key()).lrange(key(), 0, -1).get(key()).exec();
    assert.deepEqual(results, ['OK', { a: 1 }, null, 1, [], null]);
  });

  it('takes commands that the engine itself may lack, in pipelines and in transactions', async () => {
    for (const begun of [redis.pipeline(), redis.multi()]) {
      const [hash, list, none] = tagged(3);
      begun.hset(hash, { a: 1, b: 2 }).hgetdel(hash, 'a').hgetdel(none, 'a').hgetall(hash);
      begun.rpush(list, 'x', 'y').lmpop(2, [none, list], 'RIGHT').copy(hash, hash).llen(list);
      assert.deepEqual(await begun.exec(), [2, { a: 1 }, null, { b: 2 }, 2, [list, ['y']], 'NOT_COPIED', 1]);
    }
    for (const begun of [redis.pipeline(), redis.multi()]) {
      const list = key();
      const results = await begun.rpush(list, 'x').xdelex(list, undefined, '1-0').llen(list).exec({ keepErrors: true });
      assert.deepEqual(results.map(({ result }) => result), [1, undefined, 1]);
      assert.match(results[1].error, /^WRONGTYPE Operation against a key/);
    }
  });

  it('runs the commands around one that fails', async () => {
    const [text, after] = [key(), key()];
    const pipeline = () => redis.pipeline().set(text, 'not a number').incr(text).set(after, 'done');
    const results = await pipeline().exec({ keepErrors: true });
    assert.deepEqual([results[0].result, results[0].error], ['OK', undefined]);
    assert.match(results[1].error, /^ERR value is not an integer or out of range$/);
    assert.deepEqual([results[2].result, results[2].error], ['OK', undefined]);
    await assert.rejects(pipeline().exec(), /Command 2 \[ incr \] failed: ERR value is not an integer/);
    assert.equal(await redis.get(after), 'done');
  });

  it('keeps the order of 1,000 commands', async () => {
    const k = key();
    const pipeline = redis.pipeline();
    for (let i = 0; i < 1000; i++) {
      pipeline.incr(k);
    }
    assert.deepEqual(await pipeline.exec(), Array.from({ length: 1000 }, (_, i) => i + 1));
  });

  it('runs a transaction', async () => {
    const [k, none] = tagged(2);
    const results = await redis.multi().set(k, 1).incr(k).get(k).mget(k, none).exec();
    assert.deepEqual(results, ['OK', 2, 2, [2, null]]);
  });

  it('runs the commands of a transaction around one that fails', async () => {
    const [text, after] = tagged(2);
    const results = await redis.multi().set(text, 'x').incr(text).set(after, 'done').exec({ keepErrors: true });
    assert.equal(results[0].result, 'OK');
    assert.match(results[1].error, /^ERR value is not an integer/);
    assert.equal(results[2].result, 'OK');
    assert.equal(await redis.get(after), 'done');
  });

  it('never mixes 50 concurrent transactions with each other or with commands of others', async () => {
    const [a, b] = tagged(2);
    const clients = Array.from({ length: 50 }, () => client({ enableAutoPipelining: false }));
    const transactions = clients.map((it) => it.multi().incr(a).get(a).incr(b).get(b).get(a).exec());
    const others = clients.map((it) => it.pipeline().incrby(a, 1000).incrby(b, 1000).exec());
    const results = await Promise.all([...transactions, ...others]);
    for (const [first, itsValue, second, itsOther, again] of results.slice(0, 50)) {
      assert.deepEqual([itsValue, again, itsOther], [first, first, second]);
    }
    assert.deepEqual(await redis.mget(a, b), [50_050, 50_050]);
  });
});

it('sends what one turn asks for in one request for reads and one for writes', async () => {
  const redis = client();
  const [a, b] = [key(), key()];
  const { requests } = await recorded(() => Promise.all([redis.set(a, 1), redis.get(b), redis.set(b, 2), redis.get(a), redis.incr(b)]));
  assert.deepEqual(requests.map(({ path, body }) => [path, body.length]).sort(), [['/pipeline', 2], ['/pipeline', 3]]);
  assert.deepEqual(await Promise.all([redis.get(a), redis.get(b)]), [1, 3]);
});

it('sends even a single command as a pipeline, unless told not to', async () => {
  const alone = await recorded(() => client().set(key(), 'v'));
  assert.deepEqual(alone.requests.map(({ path }) => path), ['/pipeline']);
  assert.deepEqual(alone.requests[0].answer, [{ result: 'OK' }]);
  const told = await recorded(() => client({ enableAutoPipelining: false }).set(key(), 'v'));
  assert.deepEqual(told.requests.map(({ path }) => path), ['/']);
});

it('answers 2,000 commands of one turn, each its own', async () => {
  const redis = client();
  const names = Array.from({ length: 1000 }, () => key());
  await Promise.all(names.map((name, i) => redis.set(name, `value ${i}`)));
  const { result, requests } = await recorded(() =>
    Promise.all(names.flatMap((name, i) => [redis.get(name), redis.append(name, `, seen ${i}`)])),
  );
  assert.equal(requests.length, 2);
  const whole = await Promise.all(names.map((name) => redis.get(name)));
  names.forEach((_, i) => {
    assert.ok([`value ${i}`, `value ${i}, seen ${i}`].includes(result[2 * i]));
    assert.equal(whole[i], `value ${i}, seen ${i}`);
  });
});

it('fails only the command that is wrong among those of one turn', async () => {
  const redis = client();
  const [text, list] = [key(), key()];
  await redis.set(text, 'x');
  const outcomes = await Promise.allSettled([redis.set(key(), 1), redis.incr(text), redis.rpush(list, 'a'), redis.lpush(text, 'b')]);
  assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  assert.match(outcomes[1].reason.message, /^Command failed: ERR value is not an integer or out of range$/);
  assert.match(outcomes[3].reason.message, /^Command failed: WRONGTYPE /);
});

it('answers 100 requests at once, each its own', async () => {
  const redis = client({ enableAutoPipelining: false });
  const names = Array.from({ length: 100 }, () => key());
  await Promise.all(names.map((name) => redis.set(name, name)));
  assert.deepEqual(await Promise.all(names.map((name) => redis.get(name))), names);
});

for (const [why, wrong] of Object.entries({
  'an unknown command': ['nosuchcommand'],
  'a wrong number of arguments': ['get'],
  'a command that waits': ['blpop', 'k', 1],
  'a nested transaction': ['multi'],
  'an exec of its own': ['exec'],
})) {
  it(`discards a whole transaction with ${why}: 400, nothing executed`, async () => {
    const k = key();
    const { status, json } = await raw('/multi-exec', { body: JSON.stringify([['set', k, 'v'], wrong, ['set', k, 'w']]) });
    assert.equal(status, 400);
    assert.equal(typeof json.error, 'string');
    assert.deepEqual(Object.keys(json), ['error']);
    assert.equal((await command('exists', k)).json.result, 0);
  });
}

it('rejects a discarded transaction as the SDK does', async () => {
  const redis = client();
  const k = key();
  const transaction = redis.multi().set(k, 'v').get(k, 'too', 'many');
  await assert.rejects(transaction.exec(), { name: 'UpstashError', message: /ERR|EXECABORT/ });
  assert.equal(await redis.exists(k), 0);
});

it('serves others while a transaction was discarded', async () => {
  const redis = client({ enableAutoPipelining: false });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, i) => (i % 2 ? redis.multi().set(key(), i).get('k', 'too', 'many').exec() : redis.multi().echo(i).exec())),
  );
  outcomes.forEach(({ status, value }, i) => assert.deepEqual([status, value], i % 2 ? ['rejected', undefined] : ['fulfilled', [i]]));
});

for (const path of ['/pipeline', '/multi-exec']) {
  for (const body of ['', '{}', '"PING"', '["PING"]', '[["PING"],"PING"]', '[[["PING"]]]', '[["PING"]', '[["ECHO",null]]', '[["ECHO",{"a":1}]]', '[[]]', '[["PING"]] trailing']) {
    it(`refuses ${path} of ${body || 'nothing'} with an error`, async () => {
      const { status, json } = await raw(path, { body });
      assert.ok(status === 400 || (path === '/pipeline' && status === 200 && json.every((it) => it.error)), `${status}`);
      assert.match((json.error ?? json[0].error), /^ERR /);
    });
  }
}
