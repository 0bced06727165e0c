package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedisClusterIT {
  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void failsOverFromAKilledPrimaryToItsReplica(EngineBinary binary) {
    try (var cluster = RedisCluster.start(it -> it.replicas().binary(binary))) {
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
}
