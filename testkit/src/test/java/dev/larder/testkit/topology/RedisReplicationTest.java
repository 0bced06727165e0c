package dev.larder.testkit.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedisReplicationTest {
  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void replicatesToEveryReplica(EngineBinary binary) {
    try (var redis = RedisReplication.start(it -> it.replicas(2).binary(binary))) {
      assertThat(redis.uri()).isEqualTo(redis.primary().uri());
      assertThat(redis.replicas()).hasSize(2).doesNotContain(redis.primary());
      redis.primary().command("SET", "a", "1");
      redis.awaitSync();
      assertThat(redis.replicas())
          .allSatisfy(it -> assertThat(it.command("GET", "a")).isEqualTo("1"));
    }
  }

  @Test
  void followsAPromotedReplica() {
    try (var redis = RedisReplication.start(it -> it.replicas(2))) {
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
  }

  @Test
  void healsWhatWasPausedDuringAPromotion() {
    try (var redis = RedisReplication.start(it -> it.replicas(2))) {
      RedisProcess old = redis.primary();
      old.pause();
      redis.promote(0).command("SET", "a", "1");
      redis.heal();
      assertThat(old.command("GET", "a")).isEqualTo("1");
      redis.flush();
      assertThat(redis.processes())
          .allSatisfy(it -> assertThat(it.command("DBSIZE")).isEqualTo("0"));
    }
  }

  @Test
  void hasAtLeastOneReplica() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisReplication.start(it -> it.replicas(0)))
        .withMessage("replicas must be at least 1, was 0");
  }
}
