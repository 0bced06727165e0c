package dev.larder.testkit.topology;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedisSentinelsIT {
  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void electAnotherPrimaryWhenItIsKilled(EngineBinary binary) {
    try (var redis =
        RedisSentinels.start(it -> it.binary(binary).name("shop").password("pw").tls())) {
      assertThat(redis.uri()).matches("rediss-sentinel://:pw@(127\\.0\\.0\\.1:\\d+,?){3}/0#shop");
      RedisProcess first = redis.primary();
      first.command("SET", "a", "1");
      redis.replicas().forEach(it -> assertThat(it.command("ROLE")).startsWith("slave"));
      first.command("WAIT", "2", "5000");

      RedisProcess second = redis.failOver();
      assertThat(second).isNotSameAs(first).isSameAs(redis.primary());
      assertThat(second.command("GET", "a")).isEqualTo("1");

      first.restart();
      redis.heal();
      RedisProcess primary = redis.primary();
      assertThat(redis.replicas())
          .hasSize(2)
          .allSatisfy(
              it ->
                  assertThat(it.command("ROLE"))
                      .startsWith("slave\n127.0.0.1\n" + primary.port() + "\nconnected"));

      primary.pause();
      redis.replicas().get(0).kill();
      redis.sentinels().get(0).pause();
      redis.sentinels().get(1).kill();
      redis.heal();
      redis.flush();
      redis.primary().command("SET", "a", "1");
      assertThat(redis.primary().command("WAIT", "2", "5000")).isEqualTo("2");
    }
  }

  @Test
  void electAPrimaryThatLacksWhatHadNotReachedIt() {
    try (var redis = RedisSentinels.start(it -> it.replicas(1).replicationDelay(ofMinutes(5)))) {
      RedisProcess first = redis.primary();
      first.command("SET", "a", "1");
      RedisProcess second = redis.failOver();
      assertThat(second.command("GET", "a")).isEqualTo("(nil)");
      redis.heal();
      assertThat(redis.relayOf(second).connections()).isPositive();
      assertThat(first.command("ROLE")).contains("\n" + redis.relayOf(second).port() + "\n");
    }
  }
}
