package dev.larder.redis.lettuce.chaos;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.relay.TcpRelay;
import dev.larder.testkit.topology.RedisCluster;
import dev.larder.testkit.topology.SlotMove;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Slots move, nodes die, and their replicas take over. */
class ClusterChaosTest extends Chaos {
  private static String tag(int number) {
    return "{t" + number + "}";
  }

  private void survive(RedisCluster cluster, boolean lossy, Breaking breaking) throws Exception {
    survive(cluster.uri(), cluster::primaries, tag -> cluster.nodeOf(tag(tag)), lossy, breaking);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhileSlotsMove(EngineBinary binary) throws Exception {
    try (RedisCluster cluster = RedisCluster.start(it -> it.binary(binary))) {
      survive(
          cluster,
          false,
          load -> {
            for (int i = 0; i < 20 * rounds(); i++) {
              String tag = tag(i % Made.TAGS);
              RedisProcess owner = cluster.nodeOf(tag);
              RedisProcess heir =
                  cluster.primaries().stream().filter(it -> it != owner).findAny().orElseThrow();
              SlotMove move = cluster.beginMove(RedisCluster.slotOf(tag), heir);
              load.awaitCalls(100);
              move.moveKeys(10);
              load.awaitCalls(100);
              move.finish();
            }
            load.awaitService("slots have moved");
            return 0;
          });
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhenNodesDie(EngineBinary binary) throws Exception {
    try (RedisCluster cluster =
        RedisCluster.start(it -> it.binary(binary).replicas(1).appendOnly())) {
      survive(
          cluster,
          true,
          load -> {
            for (int i = 0; i < Math.min(6, rounds()); i++) {
              RedisProcess node = cluster.nodeOf(tag(i));
              cluster.failOver(node);
              load.awaitService("failed over");
              node.restart();
              cluster.heal();
              load.awaitService("all nodes are back");
            }
            return 0;
          });
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhenANodeCannotBeReached(EngineBinary binary) throws Exception {
    try (RedisCluster cluster = RedisCluster.start(it -> it.binary(binary).relayed())) {
      survive(
          cluster,
          false,
          load -> {
            for (int i = 0; i < rounds(); i++) {
              TcpRelay relay = cluster.relayOf(cluster.nodeOf(tag(i)));
              relay.stall();
              load.awaitCalls(300);
              relay.resume();
              load.awaitService("no longer stalled");
              relay.cut();
              load.awaitCalls(300);
              relay.restore();
              load.awaitService("no longer cut off");
            }
            return 0;
          });
    }
  }
}
