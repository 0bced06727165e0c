package dev.larder.testkit.topology;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.EngineBinary;
import dev.larder.embedded.net.RespClient;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedisReplicationTest {
  @RegisterExtension
  static final RedisReplication redis = RedisReplication.start(it -> it.replicas(2));

  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void replicatesWithAPasswordAndTls(EngineBinary binary) {
    try (var secured =
        RedisReplication.start(it -> it.replicas(2).binary(binary).password("pw").tls())) {
      assertThat(secured.uri())
          .isEqualTo("rediss://:pw@127.0.0.1:" + secured.primary().port())
          .isEqualTo(secured.primary().uri());
      assertThat(secured.toString()).doesNotContain("pw");
      assertThat(secured.replicas()).hasSize(2).doesNotContain(secured.primary());
      secured.primary().command("SET", "a", "1");
      secured.awaitSync();
      assertThat(secured.replicas())
          .allSatisfy(it -> assertThat(it.command("GET", "a")).isEqualTo("1"));
      secured.primary().kill();
      assertThat(secured.promote(0).command("GET", "a")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void letsReplicasButNotClientsLagBehind(EngineBinary binary) throws IOException {
    Duration delay = ofSeconds(1);
    try (var late = RedisReplication.start(it -> it.binary(binary).replicationDelay(delay))) {
      late.flush();
      RedisProcess replica = late.replicas().get(0);
      assertThat(late.uri()).isEqualTo("redis://127.0.0.1:" + late.relayOf(late.primary()).port());
      try (var client = RespClient.connect(late.relayOf(late.primary()).port())) {
        long start = System.nanoTime();
        client.text("SET", "a", "1");
        for (int i = 0; i < 20; i++) {
          client.text("PING");
        }
        assertThat(since(start)).isLessThan(delay.multipliedBy(10));
        await()
            .atMost(60, SECONDS)
            .pollInterval(ofMillis(10))
            .until(() -> replica.command("GET", "a").equals("1"));
        assertThat(since(start)).isGreaterThanOrEqualTo(delay);
      }
      late.heal();
      late.promote(0).command("SET", "b", "2");
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void knowsNoReplicasInEncryptedConnections() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisReplication.start(it -> it.tls().replicationDelay(ofMillis(1))))
        .withMessageContaining("without TLS");
  }

  @Test
  void hasRelaysOnlyIfAskedFor() {
    assertThatIllegalStateException().isThrownBy(() -> redis.relayOf(redis.primary()));
  }

  @Test
  void followsAPromotedReplica() {
    RedisProcess old = redis.primary();
    redis.primary().command("SET", "a", "1");
    redis.awaitSync();
    old.kill();
    RedisProcess promoted = redis.promote(1);
    assertThat(redis.primary()).isSameAs(promoted).isNotSameAs(old);
    promoted.command("SET", "b", "2");
    old.restart();
    redis.awaitSync();
    assertThat(redis.replicas()).hasSize(2).contains(old);
    assertThat(old.command("MGET", "a", "b")).isEqualTo("1\n2");
  }

  @Test
  void healsWhatWasPausedDuringAPromotion() {
    RedisProcess old = redis.primary();
    old.pause();
    redis.promote(0).command("SET", "a", "1");
    redis.heal();
    assertThat(old.command("GET", "a")).isEqualTo("1");
    redis.flush();
    assertThat(redis.processes()).allSatisfy(it -> assertThat(it.command("DBSIZE")).isEqualTo("0"));
  }

  @Test
  void findsEveryEngineAsItWasStarted() {
    for (RedisProcess engine : redis.processes()) {
      engine.command("ACL", "SETUSER", "ann", "on", ">pw");
      engine.command("CONFIG", "SET", "maxmemory", "10mb");
    }
    redis.primary().command("CONFIG", "SET", "requirepass", "another");
    redis.replicas().get(0).command("REPLICAOF", "NO", "ONE");
    redis.makeReady();
    assertThat(redis.processes())
        .allSatisfy(
            it -> {
              assertThat(it.command("ACL", "USERS")).isEqualTo("default");
              assertThat(it.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n0");
            });
    redis.primary().command("SET", "a", "1");
    assertThat(redis.primary().command("WAIT", "2", "5000")).isEqualTo("2");
  }

  @Test
  void hasAtLeastOneReplica() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisReplication.start(it -> it.replicas(0)))
        .withMessage("replicas must be at least 1, was 0");
  }
}
