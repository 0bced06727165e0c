package dev.larder.redis.lettuce;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Reply;
import dev.larder.testkit.topology.RedisSentinels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SentinelTest {
  @RegisterExtension
  static final RedisSentinels sentinels = RedisSentinels.start(it -> it.replicas(1).name("main"));

  @Test
  void findsThePrimaryAlsoAfterAFailover() {
    RedisUri uri = RedisUri.parse(sentinels.uri());
    // Ample, so that a busy machine breaks no test that is not about time.
    try (Redis redis = LettuceRedis.connect(uri, it -> it.budget(ofSeconds(60)))) {
      assertThat(set(redis, "v")).isTrue();
      assertThat(sentinels.primary().command("GET", "k")).isEqualTo("v");

      sentinels.failOver();
      await().until(() -> set(redis, "w"));
      assertThat(sentinels.primary().command("GET", "k")).isEqualTo("w");
    }
  }

  @Test
  void namesThePrimaryThatNoSentinelKnows() {
    RedisUri other = RedisUri.parse(sentinels.uri().replace("#main", "#other"));

    assertThatThrownBy(() -> LettuceRedis.connect(other))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("#other");
  }

  private static boolean set(Redis redis, String value) {
    return redis
        .send(Command.of("SET").key("k").arg(value))
        .handle((reply, fault) -> reply instanceof Reply.Status)
        .toCompletableFuture()
        .orTimeout(90, SECONDS)
        .join();
  }
}
