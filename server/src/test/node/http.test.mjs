import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { command, it, key, raw, readOnlyToken, token, url } from './suite.mjs';

const path = encodeURIComponent;
const stored = async (k) => (await command('GET', k)).json.result;

describe('who may ask', () => {
  for (const [why, auth] of Object.entries({
    'no token': null,
    'a wrong token': 'Bearer wrong',
    'an empty token': 'Bearer ',
    'the token cut short': `Bearer ${token.slice(0, -1)}`,
    'the token and more': `Bearer ${token}x`,
    'another scheme': `Basic ${Buffer.from(`default:${token}`).toString('base64')}`,
    'the token without a scheme': token,
  })) {
    it(`refuses ${why} with 401 and an error in JSON, and executes nothing`, async () => {
      const k = key();
      for (const [target, body] of [['/', ['SET', k, 'v']], ['/pipeline', [['SET', k, 'v']]], ['/multi-exec', [['SET', k, 'v']]], [`/set/${path(k)}/v`, undefined], ['/subscribe/c', []]]) {
        const { status, json, headers } = await raw(target, { body: JSON.stringify(body), auth });
        assert.equal(status, 401, target);
        assert.equal(typeof json.error, 'string');
        assert.match(headers.get('content-type'), /^application\/json/);
        assert.ok(!json.error.includes(token));
      }
      assert.equal(await stored(k), null);
    });
  }

  it('refuses a wrong token in the query with 401', async () => {
    assert.equal((await raw('/ping?_token=wrong', { method: 'GET', auth: null })).status, 401);
  });

  it('takes the token from the query, which is then no argument', async () => {
    const k = key();
    assert.deepEqual((await raw(`/set/${path(k)}/v?_token=${path(token)}`, { auth: null })).json, { result: 'OK' });
    assert.deepEqual((await raw(`/get/${path(k)}?_token=${path(token)}`, { method: 'GET', auth: null })).json, { result: 'v' });
    assert.deepEqual((await raw(`/set/${path(k)}?EX=100&_token=${path(token)}`, { body: 'w', auth: null })).json, { result: 'OK' });
    assert.equal(await stored(k), 'w');
  });

  it('takes the scheme in any case', async () => {
    assert.equal((await raw('/ping', { auth: `bearer ${token}` })).status, 200);
  });

  it('lets a read-only token read, and answers 4xx with NOPERM to a write', { skip: !readOnlyToken && 'LARDER_READ_ONLY_TOKEN is not set' }, async () => {
    const auth = `Bearer ${readOnlyToken}`;
    assert.deepEqual((await raw(`/get/${path(key())}`, { method: 'GET', auth })).json, { result: null });
    const k = key();
    const { status, json } = await raw(`/set/${path(k)}/v`, { auth });
    assert.ok([400, 403].includes(status), `${status}`);
    assert.match(json.error, /^NOPERM/);
    const [read, write] = (await raw('/pipeline', { body: JSON.stringify([['GET', k], ['SET', k, 'v']]), auth })).json;
    assert.deepEqual(read, { result: null });
    assert.match(write.error, /^NOPERM/);
    assert.equal(await stored(k), null);
  });
});

describe('methods', () => {
  for (const method of ['DELETE', 'PATCH']) {
    it(`refuses ${method} with 405 and an error in JSON`, async () => {
      const k = key();
      const { status, json } = await raw(`/set/${path(k)}/v`, { method });
      assert.equal(status, 405);
      assert.equal(typeof json.error, 'string');
      assert.equal(await stored(k), null);
    });
  }

  for (const method of ['GET', 'POST', 'PUT']) {
    it(`takes a command in the path of a ${method}`, async () => {
      assert.deepEqual((await raw('/echo/hello', { method })).json, { result: 'hello' });
    });
  }

  it('answers HEAD without a body', async () => {
    const { status, bytes } = await raw('/echo/hello', { method: 'HEAD' });
    assert.deepEqual([status, bytes.length], [200, 0]);
  });

  it('takes a command from the body of a PUT', async () => {
    assert.deepEqual((await raw('/', { method: 'PUT', body: '["ECHO","hello"]' })).json, { result: 'hello' });
  });
});

describe('commands in the path', () => {
  for (const [written, meant] of Object.entries({
    'hello%20world': 'hello world',
    'a%2Fb': 'a/b',
    'a+b': 'a+b',
    '%D0%BA%D0%BB%D1%8E%D1%87': 'ключ',
    '%22quoted%22': '"quoted"',
    'nul%00byte': 'nul\0byte',
    'line%0D%0Aend': 'line\r\nend',
    'question%3Fmark': 'question?mark',
    '100%25': '100%',
  })) {
    it(`takes ${written} for ${JSON.stringify(meant)}`, async () => {
      assert.deepEqual((await raw(`/echo/${written}`, { method: 'GET' })).json, { result: meant });
    });
  }

  for (const malformed of ['%', '%2', '%zz', 'a%']) {
    it(`refuses the malformed ${malformed}`, async () => {
      const { status, json } = await raw(`/echo/${malformed}`, { method: 'GET' });
      assert.deepEqual([status, typeof json.error], [400, 'string']);
    });
  }

  it('takes options from the path', async () => {
    const k = key();
    assert.deepEqual((await raw(`/set/${path(k)}/bar/EX/100`, { method: 'GET' })).json, { result: 'OK' });
    assert.ok((await command('TTL', k)).json.result > 0);
  });

  it('appends the body, then the arguments of the query', async () => {
    const k = key();
    assert.deepEqual((await raw(`/set/${path(k)}?EX=100`, { body: '{"json": [1, 2]}' })).json, { result: 'OK' });
    assert.equal(await stored(k), '{"json": [1, 2]}');
    assert.ok((await command('TTL', k)).json.result > 0);
    assert.deepEqual((await raw(`/set/${path(k)}?NX`, { body: 'other' })).json, { result: null });
    assert.deepEqual((await raw(`/set/${path(k)}?XX&PX=100000`, { body: 'more' })).json, { result: 'OK' });
    assert.equal(await stored(k), 'more');
  });
});

describe('bad input', () => {
  for (const body of ['', 'SET k v', '{', '{}', '{"a":1}', '"PING"', '5', 'null', 'true', '[', '["SET","k"', '["SET","k","v"]]', '["PING"] x', "['PING']", '["PING",]', '["ECHO","\\x"]', '["ECHO","\\u12"]', '["ECHO",01]', '["ECHO",.5]', '["ECHO",1.]', '["ECHO",NaN]', '["ECHO","a\nb"]', '[]', '[[]]', '[["PING"]]', '["ECHO",["a"]]', '["ECHO",{"a":1}]', '["ECHO",null]', '[""]']) {
    it(`refuses ${JSON.stringify(body)} with 400 and an error in JSON`, async () => {
      const { status, json, headers } = await raw('/', { body });
      assert.equal(status, 400);
      assert.deepEqual(Object.keys(json), ['error']);
      assert.match(json.error, /^ERR /);
      assert.match(headers.get('content-type'), /^application\/json/);
    });
  }

  it('refuses a body that is cut at any place, and executes nothing', async () => {
    const k = key();
    const whole = JSON.stringify(['SET', k, 'välue \n']);
    for (let length = 0; length < Buffer.byteLength(whole); length++) {
      const { status, json } = await raw('/', { body: Buffer.from(whole).subarray(0, length) });
      assert.deepEqual([status, typeof json.error], [400, 'string'], `${length} bytes`);
    }
    assert.equal(await stored(k), null);
  });

  it('executes nothing of a pipeline that is malformed at its end', async () => {
    const k = key();
    for (const end of ['', ',[', ',["GET"', ',["GET",{}]]', ',null]', ',5]']) {
      await raw('/pipeline', { body: `[["SET",${JSON.stringify(k)},"v"]${end}` });
      assert.equal(await stored(k), null, end);
    }
  });

  it('answers an unknown command with 400 and its name', async () => {
    const { status, json } = await command('NoSuchCommand', 'a');
    assert.equal(status, 400);
    assert.match(json.error, /^ERR unknown command.*NoSuchCommand/i);
    assert.equal((await raw('/no/such/path', { method: 'GET' })).status, 400);
  });

  it('answers a wrong number of arguments with 400', async () => {
    for (const args of [['GET'], ['GET', 'a', 'b'], ['SET', 'a'], ['HSET', 'a', 'b']]) {
      const { status, json } = await command(...args);
      assert.equal(status, 400);
      assert.match(json.error, /^ERR wrong number of arguments/);
    }
  });

  it('takes NUL and line ends in every place for what they are', async () => {
    for (const odd of ['\0', '\r\n', '\n', '\r\n+OK\r\n', '"}\r\n', '*1\r\n$8\r\nFLUSHALL\r\n']) {
      const k = `${key()}${odd}`;
      assert.deepEqual((await command('SET', k, odd)).json, { result: 'OK' });
      assert.equal(await stored(k), odd);
      const { status, json } = await command(`GET${odd}`, k);
      assert.equal(status, 400);
      assert.equal(typeof json.error, 'string');
    }
  });

  it('takes the name of a command in any case', async () => {
    assert.deepEqual((await command('eChO', 'x')).json, { result: 'x' });
  });
});

describe('commands that have no meaning here', () => {
  for (const args of [
    ['BLPOP', 'k', 1], ['BRPOP', 'k', 1], ['BLMOVE', 'a', 'b', 'LEFT', 'LEFT', 1], ['BRPOPLPUSH', 'a', 'b', 1], ['BZPOPMIN', 'k', 1],
    ['BZPOPMAX', 'k', 1], ['BLMPOP', 1, 1, 'k', 'LEFT'], ['BZMPOP', 1, 1, 'k', 'MIN'], ['XREAD', 'BLOCK', 60000, 'STREAMS', 'k', '$'],
    ['XREADGROUP', 'GROUP', 'g', 'c', 'block', 0, 'STREAMS', 'k', '>'], ['WAIT', 1, 60000], ['WAITAOF', 1, 0, 60000],
    ['SELECT', 1], ['CLIENT', 'KILL', 'TYPE', 'normal'], ['CLIENT', 'SETNAME', 'x'], ['CLIENT', 'REPLY', 'OFF'], ['HELLO', 3], ['AUTH', 'x'],
    ['QUIT'], ['RESET'], ['WATCH', 'k'], ['UNWATCH'], ['MULTI'], ['EXEC'], ['DISCARD'], ['SUBSCRIBE', 'c'], ['PSUBSCRIBE', 'c*'],
    ['SSUBSCRIBE', 'c'], ['UNSUBSCRIBE'], ['PUNSUBSCRIBE'], ['MONITOR'], ['SYNC'], ['PSYNC', '?', -1], ['READONLY'], ['ASKING'],
  ]) {
    it(`refuses ${args.join(' ')} at once: alone, in the path, in a pipeline and in a transaction`, async () => {
      const k = key();
      const alone = await command(...args);
      assert.equal(alone.status, 400);
      assert.match(alone.json.error, /^ERR /);
      assert.equal((await raw(`/${args.map(path).join('/')}`, { method: 'GET' })).status, 400);
      const pipeline = await raw('/pipeline', { body: JSON.stringify([['SET', k, 'v'], args, ['GET', k]]) });
      assert.deepEqual([pipeline.json[0], pipeline.json[2]], [{ result: 'OK' }, { result: 'v' }]);
      assert.match(pipeline.json[1].error, /^ERR /);
      const transaction = await raw('/multi-exec', { body: JSON.stringify([['SET', k, 'w'], args]) });
      assert.equal(transaction.status, 400);
      assert.equal(await stored(k), 'v');
    });
  }
});

describe('sizes', () => {
  const limit = 10 * 1024 * 1024;

  it('refuses a body beyond the limit with both sizes, and executes nothing', async () => {
    const k = key();
    const body = JSON.stringify(['SET', k, 'x'.repeat(limit)]);
    for (const target of ['/', `/set/${path(k)}`]) {
      const { status, json } = await raw(target, { body });
      assert.ok([400, 413].includes(status), `${status}`);
      const [, named, actual] = /^ERR max request size exceeded\. Limit: (\d+) bytes, Actual: (\d+) bytes$/.exec(json.error);
      assert.equal(Number(actual), body.length);
      assert.ok(Number(named) < body.length);
    }
    assert.equal(await stored(k), null);
  });

  it('refuses a body beyond the limit that does not tell its length', async () => {
    const k = key();
    const { status, text } = await chunked(Array.from({ length: 12 }, (_, i) => (i === 0 ? `["SET","${k}","` : 'x'.repeat(1024 * 1024))));
    assert.ok([400, 413].includes(status), `${status}`);
    assert.match(JSON.parse(text).error, /^ERR max request size exceeded\. Limit: \d+ bytes/);
    assert.equal(await stored(k), null);
  });

  for (const target of ['/pipeline', '/multi-exec']) {
    it(`takes 10,000 commands in one ${target}, and refuses one more with both numbers, executing nothing`, async () => {
      const k = key();
      const most = Array.from({ length: 10_000 }, () => ['INCR', k]);
      const taken = await raw(target, { body: JSON.stringify(most) });
      assert.deepEqual([taken.status, taken.json.length, taken.json.at(-1)], [200, 10_000, { result: 10_000 }]);
      const { status, json } = await raw(target, { body: JSON.stringify([...most, ['INCR', k]]) });
      assert.ok([400, 413].includes(status), `${status}`);
      assert.match(json.error, /^ERR .*10000.*10001/);
      assert.equal(await stored(k), '10000');
    });
  }

  it('takes a body in chunks', async () => {
    const k = key();
    assert.deepEqual(JSON.parse((await chunked(['["SET"', `,"${k}"`, ',"v', '"]'])).text), { result: 'OK' });
    assert.equal(await stored(k), 'v');
  });

  it('serves on after a request that was broken off, and executes nothing of it', async () => {
    const k = key();
    await new Promise((resolve) => {
      const broken = request(url, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-length': 1000 } });
      broken.on('error', resolve);
      broken.on('close', resolve);
      broken.write(JSON.stringify(['SET', k, 'v']), () => broken.destroy());
    });
    assert.equal(await stored(k), null);
  });
});

/** Sends a body in chunks, without a content length. */
function chunked(parts) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) {
        chunks.push(chunk);
      }
      resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() });
    });
    sent.on('error', reject);
    parts.forEach((part) => sent.write(part));
    sent.end();
  });
}
