import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { before, family, it, key, recorded, since } from './suite.mjs';

// Each script is new to the engine: only then does the first call show whether NOSCRIPT is answered as it should be.
const fresh = (lua) => `${lua}\n-- ${randomUUID()}`;
const sha1 = (script) => createHash('sha1').update(script).digest('hex');

const heads = {
  'no shebang': '',
  'the flag of @upstash/ratelimit': '#!lua flags=allow-key-locking\n',
};

family('scripts', (redis) => {
  for (const [head, shebang] of Object.entries(heads)) {
    it(`runs a script with ${head}, with its keys and arguments`, async () => {
      const k = key();
      const script = fresh(`${shebang}return {KEYS[1], ARGV[1], ARGV[2], #KEYS, #ARGV}`);
      assert.deepEqual(await redis.eval(script, [k], ['hello', { a: 1 }]), [k, 'hello', { a: 1 }, 1, 2]);
    });

    it(`loads a script with ${head} under the SHA-1 of what was sent, and runs it by that`, async () => {
      const script = fresh(`${shebang}return ARGV[1]`);
      const sha = sha1(script);
      assert.deepEqual(await redis.scriptExists(sha), [0]);
      await assert.rejects(redis.evalsha(sha, [], ['x']), /NOSCRIPT/);
      assert.equal(await redis.scriptLoad(script), sha);
      assert.deepEqual(await redis.scriptExists(sha, sha1('unknown')), [1, 0]);
      assert.equal(await redis.evalsha(sha, [], ['x']), 'x');
      assert.equal(await redis.evalsha(sha.toUpperCase(), [], ['y']), 'y');
    });

    it(`runs a script with ${head} by EVAL once and by EVALSHA from then on`, async () => {
      const script = redis.createScript(fresh(`${shebang}return redis.call('INCR', KEYS[1])`));
      const k = key();
      const first = await recorded(() => script.exec([k], []));
      assert.deepEqual([first.result, commandsOf(first)], [1, ['evalsha', 'eval']]);
      const second = await recorded(() => script.exec([k], []));
      assert.deepEqual([second.result, commandsOf(second)], [2, ['evalsha']]);
    });

    it(`tells a script error of a script with ${head} from NOSCRIPT`, async () => {
      const script = redis.createScript(fresh(`${shebang}return redis.error_reply('MY own error')`));
      await assert.rejects(script.exec([], []), /MY own error/);
      await assert.rejects(redis.eval(fresh(`${shebang}return redis.call('NOSUCH')`), [], []), /ERR/);
      await assert.rejects(redis.eval(fresh(`${shebang}this is not Lua`), [], []), /compil/i);
    });
  }

  // With a shebang that does not say no-writes, Redis itself refuses a script to EVAL_RO.
  for (const shebang of ['', '#!lua flags=allow-key-locking,no-writes\n']) {
    it(`runs a read-only script that begins with ${shebang.trim() || 'no shebang'} and cannot write`, since(7), async () => {
      const script = redis.createScript(fresh(`${shebang}return ARGV[1]`), { readonly: true });
      const k = key(); // so that a Cluster runs both on one node
      assert.equal(await script.exec([k], ['x']), 'x');
      const again = await recorded(() => script.exec([k], ['y']));
      assert.deepEqual([again.result, commandsOf(again)], ['y', ['evalsha_ro']]);
      await assert.rejects(redis.evalRo(fresh(`${shebang}return redis.call('SET', KEYS[1], 1)`), [k], []), /ERR/);
      assert.equal(await redis.exists(k), 0);
    });
  }

  it('keeps the line numbers of errors when it drops the flag', async () => {
    const script = fresh("#!lua flags=allow-key-locking\n\n\nerror('here')");
    await assert.rejects(redis.eval(script, [], []), /:4: here/);
  });

  it('drops only that flag, and leaves the others to the engine', since(7), async () => {
    const k = key();
    const script = fresh("#!lua flags=no-writes,allow-key-locking\nreturn redis.call('SET', KEYS[1], 1)");
    await assert.rejects(redis.eval(script, [k], []), /ERR/);
    assert.equal(await redis.exists(k), 0);
    await assert.rejects(redis.eval(fresh('#!lua flags=no-such-flag\nreturn 1'), [], []), /ERR/);
  });

  it('says who has read-only scripts and functions where the engine has none', before(7), async () => {
    await assert.rejects(redis.evalRo(fresh('return 1'), [], []), /ERR EVAL_RO is not available on redis 6.*Redis 7/);
    await assert.rejects(redis.functions.list(), /ERR FUNCTION is not available on redis 6.*Redis 7/);
  });

  it('gives every Lua result the shape that the SDK expects', async () => {
    const k = key();
    const of = (lua) => redis.eval(fresh(lua), [k], []);
    assert.equal(await of('return 1.9'), 1);
    assert.equal(await of('return nil'), null);
    assert.equal(await of('return false'), null);
    assert.equal(await of('return true'), 1);
    assert.deepEqual(await of('return {}'), []);
    assert.deepEqual(await of("return {1, 'two', {3, {'four', false}}}"), [1, 'two', [3, ['four', null]]]);
    assert.equal(await of("return redis.status_reply('FINE')"), 'FINE');
    assert.equal(await of("return redis.call('SET', KEYS[1], 1)"), 'OK');
    assert.deepEqual(await of("return {redis.call('SET', KEYS[1], 1)}"), ['OK']);
    assert.equal(await of("return '\\0\\1'"), '\0\u0001');
  });

  it('forgets scripts when told to, and runs them again afterwards', async () => {
    const script = redis.createScript(fresh('#!lua flags=allow-key-locking\nreturn 1'));
    await script.exec([], []);
    assert.equal(await redis.scriptFlush(), 'OK');
    assert.deepEqual(await redis.scriptExists(script.sha1), [0]);
    const again = await recorded(() => script.exec([], []));
    assert.deepEqual([again.result, commandsOf(again)], [1, ['evalsha', 'eval']]);
  });

  it('runs functions of a loaded library', since(7), async () => {
    const name = `f${randomUUID().replaceAll('-', '')}`;
    const code = (engine) => `${engine}\nredis.register_function('${name}', function(keys, args) return args[1] end)`;
    assert.equal(await redis.functions.load({ code: code(`#!lua name=${name}`) }), name);
    assert.equal(await redis.functions.call(name, [], ['x']), 'x');
    const [library] = await redis.functions.list({ libraryName: name });
    assert.deepEqual([library.libraryName, library.functions[0].name], [name, name]);
    assert.equal(await redis.functions.delete(name), 'OK');
  });

  it('loads functions with the flag that only Upstash knows, replaces and counts them', since(7), async () => {
    const name = `f${randomUUID().replaceAll('-', '')}`;
    const code = (flags, result) =>
      `#!lua name=${name}\nredis.register_function{function_name='${name}', callback=function(keys, args) return ${result} end, flags={${flags}}}`;
    assert.equal(await redis.functions.load({ code: code("'allow-key-locking'", 1) }), name);
    assert.equal(await redis.functions.call(name, [], []), 1);
    await assert.rejects(redis.functions.load({ code: code('', 2) }), /already exists/);
    assert.equal(await redis.functions.load({ code: code("'no-writes', 'allow-key-locking'", 2), replace: true }), name);
    assert.equal(await redis.functions.callRo(name, [], []), 2);
    const [library] = await redis.functions.list({ libraryName: name, withCode: true });
    assert.deepEqual(library.functions[0].flags, ['no-writes']);
    assert.ok((await redis.functions.stats()).engines.LUA.librariesCount >= 1);
    assert.equal(await redis.functions.delete(name), 'OK');
  });
});

function commandsOf({ requests }) {
  return requests.flatMap(({ path, body }) => (path === '/pipeline' ? body : [body])).map(([name]) => name.toLowerCase());
}
