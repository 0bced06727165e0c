package dev.larder.redis.lettuce.chaos;

/** The same with more of everything. */
class EngineChaosSoak extends EngineChaosTest {
  @Override
  int calls() {
    return 100_000;
  }
}
