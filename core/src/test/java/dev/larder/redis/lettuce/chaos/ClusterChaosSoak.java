package dev.larder.redis.lettuce.chaos;

/** The same with more of everything. */
class ClusterChaosSoak extends ClusterChaosTest {
  @Override
  int calls() {
    return 100_000;
  }
}
