package dev.larder.testkit.topology;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.relay.TcpRelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedisClusterIT {
  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void failsOverFromAKilledPrimaryToItsReplica(EngineBinary binary) {
    try (var cluster =
        RedisCluster.start(it -> it.replicas(1).binary(binary).password("pw").tls())) {
      assertThat(cluster.uri()).startsWith("rediss-cluster://:pw@127.0.0.1:");
      assertThat(cluster.primaries()).hasSize(3);
      assertThat(cluster.replicas()).hasSize(3).doesNotContainAnyElementsOf(cluster.primaries());
      RedisProcess first = cluster.nodeOf("a");
      first.command("SET", "a", "1");
      cluster.heal();
      first.command("WAIT", "1", "5000");

      RedisProcess second = cluster.failOver(first);
      assertThat(second).isNotSameAs(first).isSameAs(cluster.nodeOf("a"));
      assertThat(second.command("GET", "a")).isEqualTo("1");
      cluster.moveSlots(second, cluster.nodeOf("b"), 20);

      cluster.heal();
      assertThat(cluster.replicas()).hasSize(3).contains(first);
      assertThat(cluster.failOver(second)).isSameAs(first);
    }
  }

  @Test
  void losesANodeToClientsWhenItsRelayIsCut() {
    try (var cluster =
        RedisCluster.start(it -> it.primaries(4).replicas(1).replicationDelay(ofMinutes(5)))) {
      assertThat(cluster.primaries()).hasSize(4);
      RedisProcess node = cluster.nodeOf("a");
      TcpRelay relay = cluster.relayOf(node);
      assertThat(cluster.uri()).contains(":" + relay.port()).doesNotContain(":" + node.port());
      assertThat(cluster.primaries().get(1).command("CLUSTER", "NODES"))
          .contains("127.0.0.1:" + relay.port() + "@" + (node.port() + 10_000));
      node.command("SET", "a", "1");
      cluster.moveSlots(node, cluster.nodeOf("b"), 10);
      relay.cut();
      assertThat(cluster.nodeOf("a")).isSameAs(node);
      cluster.heal();
      node.command("SET", "a", "2");
      assertThat(cluster.failOver(node).command("GET", "a"))
          .as("what had reached the replica before the last write")
          .isEqualTo("1");
    }
  }
}
