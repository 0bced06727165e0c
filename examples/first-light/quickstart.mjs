// Run with UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN as the node printed them.
// region quickstart
import { Redis } from "@upstash/redis";
import { Ratelimit } from "@upstash/ratelimit";

const redis = Redis.fromEnv(); // the two lines that the node printed, in your environment
await redis.set("greeting", { text: "hello" }, { ex: 60 });
console.log(await redis.get("greeting")); // { text: 'hello' }

const limiter = new Ratelimit({ redis, limiter: Ratelimit.slidingWindow(10, "10 s") });
const { success, remaining } = await limiter.limit("203.0.113.7");
console.log(success, remaining); // true 9
// endregion
