package dev.larder.testkit.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.embedded.EmbeddedRedisException;
import dev.larder.testkit.RedisProcess;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisClusterTest {
  @RegisterExtension static final RedisCluster cluster = RedisCluster.start();

  @Test
  void namesEveryNode() {
    List<String> ports = cluster.nodes().stream().map(it -> "127.0.0.1:" + it.port()).toList();
    assertThat(cluster.uri()).isEqualTo("redis-cluster://" + String.join(",", ports));
    assertThat(cluster.primaries()).hasSize(3).isEqualTo(cluster.nodes());
    assertThat(cluster.replicas()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"foo", "'{user}:1'", "'a{}b'", "'a{{b}}c'", "'a{b', 'ä€😀'", "''"})
  void hashesKeysAsTheEngineDoes(String key) {
    int slot = RedisCluster.slotOf(key);
    assertThat(cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", key)).isEqualTo("" + slot);
    cluster.nodeOf(key).command("SET", key, "1");
    assertThat(cluster.nodeOf(key)).isSameAs(cluster.nodeOf(slot));
  }

  @Test
  void answersAskThenMovedForASlotThatMoves() {
    String key = "a";
    RedisProcess from = cluster.nodeOf(key);
    RedisProcess to = other(from);
    from.command("SET", key, "1");
    SlotMove move = cluster.beginMove(RedisCluster.slotOf(key), to);
    assertThat(from.command("GET", key)).isEqualTo("1");
    assertThat(move.moveKeys(10)).isEqualTo(1);
    assertThat(move.moveKeys(10)).isZero();
    assertRefused(from, key, "ASK " + RedisCluster.slotOf(key) + " 127.0.0.1:" + to.port());
    move.finish();
    assertRefused(from, key, "MOVED " + RedisCluster.slotOf(key) + " 127.0.0.1:" + to.port());
    assertThat(cluster.nodeOf(key)).isSameAs(to);
    assertThat(to.command("GET", key)).isEqualTo("1");
  }

  @Test
  void movesSlotsWithTheirKeys() {
    RedisProcess from = cluster.primaries().get(1);
    RedisProcess to = cluster.primaries().get(2);
    for (int i = 0; i < 500; i++) {
      cluster.nodeOf(i * 32).command("SET", "{" + tagOf(i * 32) + "}" + "\r\n\u0000é", "v" + i);
    }
    long before = size(to);
    cluster.moveSlots(from, to, 1_000);
    assertThat(size(to)).isGreaterThan(before);
    assertThat(cluster.nodes().stream().mapToLong(RedisClusterTest::size).sum()).isEqualTo(500);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cluster.moveSlots(from, to, 16_384))
        .withMessageContaining("was 16384");
  }

  @Test
  void allAgreeAgainAfterATestThatLeftItBroken() {
    RedisProcess killed = cluster.nodeOf("a");
    RedisProcess paused = other(killed);
    cluster.beginMove(RedisCluster.slotOf("a"), paused);
    killed.kill();
    paused.pause();
    cluster.heal();
    killed.command("SET", "a", "1");
    assertThat(killed.command("GET", "a")).isEqualTo("1");
    assertThat(cluster.nodeOf("a")).isSameAs(killed);
  }

  @Test
  void findsEveryNodeAsItWasStarted() {
    for (RedisProcess node : cluster.nodes()) {
      node.command("ACL", "SETUSER", "ann", "on", ">pw");
      node.command("CONFIG", "SET", "cluster-require-full-coverage", "no");
      node.command("ACL", "SETUSER", "default", "off");
    }
    cluster.makeReady();
    assertThat(cluster.nodes())
        .allSatisfy(
            it -> {
              assertThat(it.command("ACL", "USERS")).isEqualTo("default");
              assertThat(it.command("CONFIG", "GET", "cluster-require-full-coverage"))
                  .endsWith("\nyes");
            });
  }

  @Test
  void failsOverOnlyToAReplica() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cluster.failOver(cluster.nodes().get(0)))
        .withMessageContaining("is not a primary that has a replica");
  }

  private static RedisProcess other(RedisProcess node) {
    return cluster.primaries().stream().filter(it -> it != node).findFirst().orElseThrow();
  }

  private static long size(RedisProcess node) {
    return Long.parseLong(node.command("DBSIZE"));
  }

  private static String tagOf(int slot) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(Integer::toString)
        .filter(it -> RedisCluster.slotOf(it) == slot)
        .findFirst()
        .orElseThrow();
  }

  private static void assertRefused(RedisProcess node, String key, String error) {
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> node.command("GET", key))
        .withMessageContaining(error);
  }
}
