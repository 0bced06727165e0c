package dev.larder.redis.lettuce.chaos;

/** The same with more of everything. */
class SentinelChaosSoak extends SentinelChaosTest {
  @Override
  int calls() {
    return 100_000;
  }
}
