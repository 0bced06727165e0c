import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Redis } from '@upstash/redis';
import { Redis as CloudflareRedis } from '@upstash/redis/cloudflare';
import { Redis as FastlyRedis } from '@upstash/redis/fastly';
import { it, key, recorded, token, url } from './suite.mjs';

const require = createRequire(import.meta.url);

describe('each way to make a client works', () => {
  for (const [way, make] of Object.entries({
    'from the environment': () => Redis.fromEnv(),
    'from the variables of Vercel KV': () => withVercelNames(() => Redis.fromEnv()),
    'with address and token': () => new Redis({ url, token }),
    'by require': () => new (require('@upstash/redis').Redis)({ url, token }),
    'for Cloudflare': () => new CloudflareRedis({ url, token }),
    'for Fastly': () => new FastlyRedis({ url, token, backend: 'any' }),
    'without telemetry': () => new Redis({ url, token, enableTelemetry: false }),
    'without keep-alive': () => new Redis({ url, token, keepAlive: false }),
  })) {
    it(way, async () => {
      const redis = make();
      const k = key();
      assert.equal(await redis.set(k, { a: 'ü' }), 'OK');
      assert.deepEqual(await redis.get(k), { a: 'ü' });
    });
  }

  it('with a middleware around each request', async () => {
    const redis = new Redis({ url, token });
    const seen = [];
    redis.use(async (request, next) => {
      seen.push(request.path);
      return next(request);
    });
    await redis.set(key(), 1);
    assert.deepEqual(seen, [['pipeline']]);
  });

  it('and tells the server what it is, which changes nothing', async () => {
    const { requests } = await recorded(() => new Redis({ url, token }).set(key(), 1));
    assert.match(requests[0].headers.get('upstash-telemetry-sdk'), /@upstash\/redis@/);
    assert.equal(requests[0].status, 200);
  });
});

function withVercelNames(action) {
  const { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN } = process.env;
  delete process.env.UPSTASH_REDIS_REST_URL;
  delete process.env.UPSTASH_REDIS_REST_TOKEN;
  Object.assign(process.env, { KV_REST_API_URL: UPSTASH_REDIS_REST_URL, KV_REST_API_TOKEN: UPSTASH_REDIS_REST_TOKEN });
  try {
    return action();
  } finally {
    Object.assign(process.env, { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN });
  }
}
