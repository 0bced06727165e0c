import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { client, command, family, it, key, raw } from './suite.mjs';

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

family('values', (redis) => {
  it('keeps each of the first 65,536 characters but the lone surrogates, alone and together', async () => {
    const characters = Array.from({ length: 0x10000 }, (_, i) => i)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCharCode(code));
    // A leading U+FEFF is taken for a byte order mark by every text decoder on the way, the SDK's too.
    const whole = `>${characters.join('')}`;
    const k = key();
    await redis.set(k, whole);
    assert.equal(await redis.get(k), whole);
    const alone = characters.filter((it, i) => i < 256 || i % 97 === 0).filter((it) => !/[0-9\ufeff]/.test(it));
    const list = key();
    await redis.rpush(list, ...alone);
    assert.deepEqual(await redis.lrange(list, 0, -1), alone);
  });

  it('keeps characters beyond the first 65,536', async () => {
    const k = key();
    const text = '👋🏽 𝒳 𠜎 🏴󠁧󠁢󠁥󠁮󠁧󠁿 \u{10ffff}';
    await redis.set(k, text);
    assert.equal(await redis.get(k), text);
    assert.equal(await redis.strlen(k), Buffer.byteLength(text));
  });

  it('takes the empty key, and keys of several scripts, spaces, quotes, slashes and control characters', async () => {
    for (const name of ['ключ', '鍵', '🔑', ' ', 'a b', '"', "'", '\\', 'a/b?c=d#e&f%20', '\0', '\r\n', '*[?]']) {
      const k = `${key()}${name}`;
      await redis.set(k, name);
      assert.equal(await redis.get(k), name);
      assert.equal(await redis.exists(k), 1);
      assert.equal(await redis.del(k), 1);
    }
    const before = await redis.get('');
    assert.equal(await redis.getset('', 'empty key'), before);
    assert.equal(await redis.getdel(''), 'empty key');
  });

  it('stores and returns 5 MB in one value', async () => {
    const k = key();
    const large = 'ab"c\\д\n'.repeat(5 * 1024 * 1024 / 8);
    assert.equal(await redis.set(k, large), 'OK');
    assert.equal(await redis.strlen(k), Buffer.byteLength(large));
    assert.ok((await redis.get(k)) === large);
    await redis.del(k);
  });

  it('returns 5 MB in 50,000 elements', async () => {
    const k = key();
    const elements = Array.from({ length: 50_000 }, (_, i) => `${i}`.padEnd(100, '.'));
    await redis.rpush(k, ...elements);
    assert.deepEqual(await redis.lrange(k, 0, -1), elements);
    await redis.del(k);
  });

  it('takes booleans and numbers for their texts', async () => {
    const k = key();
    await redis.rpush(k, true, false, 1.5, -0.001, 1e21, 0);
    assert.deepEqual((await command('LRANGE', k, 0, -1)).json.result, ['true', 'false', '1.5', '-0.001', '1e+21', '0']);
  });
});

describe('deserialization', () => {
  for (const options of [{}, { enableAutoPipelining: false, responseEncoding: false }]) {
    it(`leaves every value as text when told to, with ${JSON.stringify(options)}`, async () => {
      const redis = client({ automaticDeserialization: false, ...options });
      const k = key();
      for (const text of ['42', '007', '1.50', 'true', 'null', '{"a":1}', '[1, 2]', '"quoted"', '']) {
        await redis.set(k, text);
        assert.equal(await redis.get(k), text);
        assert.deepEqual(await redis.mget(k), [text]);
      }
      await redis.set(k, { a: 1 });
      assert.equal(await redis.get(k), '{"a":1}');
      assert.equal(await redis.incr(key()), 1);
    });
  }

  it('leaves numbers as text where a number would not be the same text', async () => {
    const redis = client();
    const k = key();
    for (const text of ['007', '1.50', '9007199254740993', '1e3', '+1', ' 1']) {
      await redis.set(k, text);
      assert.equal(await redis.get(k), text);
    }
  });
});

describe('bytes without the SDK', () => {
  const path = (k) => encodeURIComponent(k);

  it('stores a binary body and returns it as base64, byte by byte', async () => {
    const k = key();
    assert.deepEqual((await raw(`/set/${path(k)}`, { body: everyByte })).json, { result: 'OK' });
    const { json } = await raw(`/get/${path(k)}`, { method: 'GET', headers: { 'upstash-encoding': 'base64' } });
    assert.deepEqual(Buffer.from(json.result, 'base64'), everyByte);
    assert.equal((await command('STRLEN', k)).json.result, 256);
    for (let byte = 0; byte < 256; byte++) {
      await raw(`/set/${path(k)}`, { body: Buffer.from([byte]) });
      const { json } = await raw(`/get/${path(k)}`, { headers: { 'upstash-encoding': 'base64' } });
      assert.equal(json.result, Buffer.from([byte]).toString('base64'));
    }
  });

  it('answers valid JSON for bytes that are no UTF-8, which reads as every decoder reads such bytes', async () => {
    const k = key();
    await raw(`/set/${path(k)}`, { body: Buffer.from([0x22, 0xff, 0xc3, 0x5c, 0x80, 0x0a]) });
    const { json } = await raw(`/get/${path(k)}`, { method: 'GET' });
    assert.equal(json.result, '"\ufffd\ufffd\\\ufffd\n');
  });

  it('takes a binary key from the path, and binary arguments', async () => {
    const k = `${path(key())}%FF%00%FE`;
    assert.deepEqual((await raw(`/set/${k}/%80%81`)).json, { result: 'OK' });
    const { json } = await raw(`/get/${k}`, { headers: { 'upstash-encoding': 'base64' } });
    assert.equal(json.result, Buffer.from([0x80, 0x81]).toString('base64'));
    await raw(`/del/${k}`);
  });

  it('encodes every string, nested ones and statuses too, but no integer, null, error or lone OK', async () => {
    const k = key();
    const base64 = async (...args) => (await raw('/', { body: JSON.stringify(args), headers: { 'upstash-encoding': 'base64' } })).json;
    assert.deepEqual(await base64('SET', k, 'v'), { result: 'OK' });
    assert.deepEqual(await base64('GET', k), { result: 'dg==' });
    assert.deepEqual(await base64('PING'), { result: 'UE9ORw==' });
    assert.deepEqual(await base64('TYPE', k), { result: 'c3RyaW5n' });
    assert.deepEqual(await base64('STRLEN', k), { result: 1 });
    assert.deepEqual(await base64('GET', key()), { result: null });
    assert.deepEqual(await base64('EVAL', "return {'b', {'a', false, 1, redis.status_reply('OK')}}", 0), { result: ['Yg==', ['YQ==', null, 1, 'T0s=']] });
    assert.match((await base64('INCR', k)).error, /^ERR value is not an integer/);
    const pipeline = await raw('/pipeline', { body: JSON.stringify([['SET', k, 'v'], ['GET', k], ['GET', key()], ['MGET', k, k]]), headers: { 'upstash-encoding': 'base64' } });
    assert.deepEqual(pipeline.json, [{ result: 'OK' }, { result: 'dg==' }, { result: null }, { result: ['dg==', 'dg=='] }]);
    const transaction = await raw('/multi-exec', { body: JSON.stringify([['SET', k, 'v'], ['GET', k]]), headers: { 'upstash-encoding': 'base64' } });
    assert.deepEqual(transaction.json, [{ result: 'OK' }, { result: 'dg==' }]);
  });

  for (const lexeme of ['1', '-0', '1.0', '1.50', '1e3', '1E+2', '0.1e-7', '12345678901234567890', '3.14159265358979323846264338327950288', '-9223372036854775808']) {
    it(`keeps the number ${lexeme} as it was written`, async () => {
      const k = JSON.stringify(key());
      assert.deepEqual((await raw('/', { body: `["SET",${k},${lexeme}]` })).json, { result: 'OK' });
      assert.deepEqual((await raw('/', { body: `["GET",${k}]` })).json, { result: lexeme });
      assert.deepEqual((await raw('/pipeline', { body: `[["SET",${k},${lexeme}],["GET",${k}]]` })).json, [{ result: 'OK' }, { result: lexeme }]);
    });
  }

  for (const [integer, written] of [
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '"9007199254740993"'],
    ['-9007199254740993', '"-9007199254740993"'],
    ['9223372036854775807', '"9223372036854775807"'],
  ]) {
    it(`answers the integer ${integer} as ${written}`, async () => {
      const { text } = await raw('/', { body: JSON.stringify(['INCRBY', key(), integer]) });
      assert.equal(text.trim(), `{"result":${written}}`);
    });
  }

  it('encodes an integer beyond 2^53 like the string that it is sent as', async () => {
    const { json } = await raw('/', { body: JSON.stringify(['INCRBY', key(), '9007199254740993']), headers: { 'upstash-encoding': 'base64' } });
    assert.equal(Buffer.from(json.result, 'base64').toString(), '9007199254740993');
  });

  it('takes every escape of JSON strings', async () => {
    const k = key();
    await raw('/', { body: `["SET",${JSON.stringify(k)},"\\u0000\\"\\\\\\/\\b\\f\\n\\r\\t\\u0416\\ud83d\\udc4b"]` });
    assert.equal(await client().get(k), '\0"\\/\b\f\n\r\tЖ👋');
  });
});
