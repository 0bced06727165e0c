import assert from 'node:assert/strict';
import { family, it, key, since, tagged } from './suite.mjs';

family('streams', (redis) => {
  const filled = (...entries) => filledAt(key(), ...entries);
  const filledAt = async (k, ...entries) => {
    for (const [i, entry] of entries.entries()) {
      await redis.xadd(k, `${i + 1}-0`, entry);
    }
    return k;
  };

  it('adds entries and reads them in both directions', async () => {
    assert.match(await redis.xadd(key(), '*', { any: 'id' }), /^\d+-\d+$/);
    const entries = await filled({ name: 'Ada', born: 1815 }, { deep: { a: [1] } });
    assert.equal(await redis.xlen(entries), 2);
    assert.deepEqual(await redis.xrange(entries, '-', '+'), {
      '1-0': { name: 'Ada', born: 1815 },
      '2-0': { deep: { a: [1] } },
    });
    assert.deepEqual(Object.keys(await redis.xrevrange(entries, '+', '-')), ['2-0', '1-0']);
    assert.deepEqual(Object.keys(await redis.xrange(entries, '-', '+', 1)), ['1-0']);
  });

  it('reads what came after an id, from one stream and from several', async () => {
    const [a, b] = tagged(2);
    await filledAt(a, { n: 1 }, { n: 2 });
    await filledAt(b, { m: 'x' });
    assert.deepEqual(await redis.xread(a, '1-0'), [[a, [['2-0', ['n', 2]]]]]);
    assert.deepEqual(await redis.xread([a, b], ['0', '0'], { count: 1 }), [
      [a, [['1-0', ['n', 1]]]],
      [b, [['1-0', ['m', 'x']]]],
    ]);
    assert.equal(await redis.xread(a, '2-0'), null);
  });

  it('trims while adding and on demand, and deletes entries', async () => {
    const k = await filled({ n: 1 }, { n: 2 }, { n: 3 });
    await redis.xadd(k, '4-0', { n: 4 }, { trim: { type: 'MAXLEN', comparison: '=', threshold: 3 } });
    assert.equal(await redis.xlen(k), 3);
    assert.equal(await redis.xtrim(k, { strategy: 'MINID', threshold: '3-0', exactness: '=' }), 1);
    assert.equal(await redis.xdel(k, ['3-0', '9-0']), 1);
    assert.equal(await redis.xadd(key(), '*', { n: 1 }, { nomkStream: true }), null);
    await assert.rejects(redis.xadd(k, '1-0', { n: 0 }), /ERR The ID specified in XADD is equal or smaller/);
  });

  it('shares a stream between the consumers of a group', async () => {
    const k = await filled({ n: 1 }, { n: 2 }, { n: 3 });
    assert.equal(await redis.xgroup(k, { type: 'CREATE', group: 'g', id: '0' }), 'OK');
    assert.equal(await redis.xgroup(k, { type: 'CREATECONSUMER', group: 'g', consumer: 'ada' }), 1);
    assert.deepEqual(await redis.xreadgroup('g', 'ada', k, '>', { count: 2 }), [
      [k, [['1-0', ['n', 1]], ['2-0', ['n', 2]]]],
    ]);
    assert.deepEqual(await redis.xreadgroup('g', 'grace', k, '>', { NOACK: true }), [[k, [['3-0', ['n', 3]]]]]);
    assert.equal(await redis.xack(k, 'g', '1-0'), 1);
    const pending = await redis.xpending(k, 'g', '-', '+', 10);
    assert.deepEqual(pending.map(([id, consumer, , deliveries]) => [id, consumer, deliveries]), [['2-0', 'ada', 1]]);
    assert.deepEqual(await redis.xpending(k, 'g', '-', '+', 10, { consumer: 'grace' }), []);
  });

  it('hands pending entries to another consumer', async () => {
    const k = await filled({ n: 1 }, { n: 2 });
    await redis.xgroup(k, { type: 'CREATE', group: 'g', id: '0' });
    await redis.xreadgroup('g', 'ada', k, '>');
    assert.deepEqual(await redis.xclaim(k, 'g', 'grace', 0, '1-0'), [['1-0', ['n', 1]]]);
    assert.deepEqual(await redis.xclaim(k, 'g', 'grace', 0, ['1-0'], { justId: true }), ['1-0']);
    const [next, claimed] = await redis.xautoclaim(k, 'g', 'alan', 0, '0-0', { count: 1 });
    assert.equal(next, '2-0');
    assert.deepEqual(claimed, [['1-0', ['n', 1]]]);
  });

  it('describes groups and consumers', async () => {
    const k = await filled({ n: 1 });
    await redis.xgroup(k, { type: 'CREATE', group: 'g', id: '0' });
    await redis.xreadgroup('g', 'ada', k, '>');
    const pairs = (flat) => Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, i) => flat.slice(2 * i, 2 * i + 2)));
    const [group] = (await redis.xinfo(k, { type: 'GROUPS' })).map(pairs);
    assert.deepEqual([group.name, group.consumers, group.pending, group['last-delivered-id']], ['g', 1, 1, '1-0']);
    const [consumer] = (await redis.xinfo(k, { type: 'CONSUMERS', group: 'g' })).map(pairs);
    assert.deepEqual([consumer.name, consumer.pending], ['ada', 1]);
  });

  it('creates a group with its stream, moves it, and removes consumers and the group', async () => {
    const k = key();
    assert.equal(await redis.xgroup(k, { type: 'CREATE', group: 'g', id: '$', options: { MKSTREAM: true } }), 'OK');
    await assert.rejects(redis.xgroup(k, { type: 'CREATE', group: 'g', id: '$' }), /BUSYGROUP/);
    assert.equal(await redis.xgroup(k, { type: 'SETID', group: 'g', id: '0' }), 'OK');
    await redis.xadd(k, '1-0', { n: 1 });
    await redis.xreadgroup('g', 'ada', k, '>');
    assert.equal(await redis.xgroup(k, { type: 'DELCONSUMER', group: 'g', consumer: 'ada' }), 1);
    assert.equal(await redis.xgroup(k, { type: 'DESTROY', group: 'g' }), 1);
    await assert.rejects(redis.xreadgroup('g', 'ada', k, '>'), /NOGROUP/);
  });

  it('counts what a group has read', since(7), async () => {
    const k = await filled({ n: 1 }, { n: 2 });
    await redis.xgroup(k, { type: 'CREATE', group: 'g', id: '1-0', options: { ENTRIESREAD: 1 } });
    const [group] = await redis.xinfo(k, { type: 'GROUPS' });
    assert.equal(group[group.indexOf('entries-read') + 1], 1);
  });

  it('refuses to wait for entries, at once', async () => {
    const k = await filled({ n: 1 });
    await assert.rejects(redis.xread(k, '$', { blockMS: 60_000 }), { name: 'UpstashError', message: /ERR/ });
    await redis.xgroup(k, { type: 'CREATE', group: 'g', id: '$' });
    await assert.rejects(redis.xreadgroup('g', 'ada', k, '>', { blockMS: 60_000 }), { name: 'UpstashError', message: /ERR/ });
  });

  it('takes BLOCK for the name of a stream where it is one', async () => {
    assert.equal(await redis.xread(['BLOCK'], ['9'.repeat(13)]), null);
  });

  it('trims exactly, also where asked to trim roughly', async () => {
    const k = key();
    const adding = redis.pipeline();
    for (let i = 1; i <= 500; i++) {
      adding.xadd(k, `${i}-0`, { i });
    }
    await adding.exec();
    assert.equal(await redis.xtrim(k, { strategy: 'MAXLEN', threshold: 300, exactness: '~' }), 200);
    assert.equal(await redis.xtrim(k, { strategy: 'MINID', threshold: '301-0', limit: 10 }), 10);
    await redis.xadd(k, '501-0', { i: 501 }, { trim: { type: 'MAXLEN', comparison: '~', threshold: 7 } });
    assert.equal(await redis.xlen(k), 7);
  });

  it('deletes entries that groups know', async () => {
    const k = await filled({ n: 1 }, { n: 2 }, { n: 3 });
    await redis.xgroup(k, { type: 'CREATE', group: 'g', id: '0' });
    await redis.xgroup(k, { type: 'CREATE', group: 'h', id: '0' });
    await redis.xreadgroup('g', 'ada', k, '>');
    assert.deepEqual(await redis.xdelex(k, 'ACKED', '1-0', '9-0'), [2, 2]);
    assert.deepEqual(await redis.xdelex(k, undefined, '1-0', '9-0'), [1, -1]);
    assert.deepEqual(await redis.xackdel(k, 'g', 'ACKED', '2-0'), [2]);
    assert.deepEqual(await redis.xackdel(k, 'g', 'KEEPREF', '2-0', '3-0'), [-1, 1]);
    assert.equal(await redis.xlen(k), 1);
  });
});
