package dev.larder.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.TestCertificate;
import dev.larder.testkit.topology.RedisCluster;
import dev.larder.testkit.topology.RedisReplication;
import dev.larder.testkit.topology.RedisSentinels;
import dev.larder.testkit.topology.SlotMove;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What can be done to engines in a test. */
class TopologiesTest {
  @Test
  void oneEngine() {
    // region process
    try (var redis = RedisProcess.start(it -> it.appendOnly().config("maxmemory 10mb"))) {
      redis.command("SET", "a", "1");
      redis.kill(); // SIGKILL
      redis.restart(); // same port; its data only because of appendOnly()
      redis.pause(); // SIGSTOP: connections stay open, nothing answers
      redis.resume();
      assertThat(redis.command("GET", "a")).isEqualTo("1");
    }
    // endregion
  }

  @Test
  void replicas() {
    // region replication
    try (var redis = RedisReplication.start(it -> it.replicas(2))) {
      redis.primary().command("SET", "a", "1");
      redis.awaitSync(); // every replica has it
      redis.primary().kill();
      redis.promote(0); // the other one follows it; so does the killed one when it is restarted
      assertThat(redis.primary().command("GET", "a")).isEqualTo("1");
    }
    // endregion
  }

  @Test
  void sentinels() {
    // region sentinels
    try (var redis = RedisSentinels.start()) { // two replicas
      assertThat(redis.uri()).startsWith("redis-sentinel://127.0.0.1:").endsWith("/0#larder");
      RedisProcess next = redis.failOver(); // kills the primary, waits for the election
      assertThat(next.command("PING")).isEqualTo("PONG");
    }
    // endregion
  }

  @Test
  void cluster() {
    // region cluster
    try (var cluster = RedisCluster.start(it -> it.replicas(1))) {
      assertThat(cluster.uri()).startsWith("redis-cluster://127.0.0.1:");
      cluster.moveSlots(cluster.primaries().get(0), cluster.primaries().get(1), 100);
      cluster.nodeOf("a").command("SET", "a", "1");
      RedisProcess target =
          cluster.primaries().stream()
              .filter(it -> it != cluster.nodeOf("a"))
              .findFirst()
              .orElseThrow();
      SlotMove move = cluster.beginMove(RedisCluster.slotOf("a"), target);
      move.moveKeys(1); // now the old node answers ASK for "a", until
      move.finish(); // and MOVED from now on
      cluster.failOver(cluster.nodeOf("a")); // kills it, waits for its replica's promotion
    }
    // endregion
  }

  @Test
  void encrypted() {
    // region tls
    try (var redis = RedisReplication.start(it -> it.password("s3cret").tls())) {
      assertThat(redis.uri()).startsWith("rediss://:s3cret@127.0.0.1:");
      assertThat(TestCertificate.authority()).exists(); // the PEM file that your client must trust
    }
    // endregion
  }

  @Test
  void lagging() {
    // region lag
    try (var redis = RedisSentinels.start(it -> it.replicationDelay(Duration.ofMinutes(1)))) {
      redis.primary().command("SET", "a", "1");
      redis.failOver(); // before any replica has it
      assertThat(redis.primary().command("GET", "a")).isEqualTo("(nil)");
    }
    // endregion
  }
}
