package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.topology.RedisSentinels;
import io.netty.channel.Channel;
import java.util.List;
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
  void aScriptThatAnswersReadOnlyClosesNobodysConnection() {
    RedisUri uri = RedisUri.parse(sentinels.uri());
    Script script = Script.beside(SentinelTest.class, "count_and_fail.lua");
    ScriptCall deceiver =
        new ScriptCall(
            script, List.of("n".getBytes(UTF_8)), List.of("READONLY, it says".getBytes(UTF_8)));
    try (Channels channels = new Channels();
        Redis redis =
            LettuceRedis.connect(
                uri, it -> it.budget(ofSeconds(60)).resources(channels.resources()))) {
      Channel current =
          channels.all().stream().filter(Channel::isActive).reduce((a, b) -> b).orElseThrow();
      for (int i = 0; i < 10; i++) {
        Reply reply = join(redis.send(deceiver));
        assertThat(reply).isEqualTo(new Reply.Failure("READONLY, it says"));
        // The engine is asked for its role meanwhile; its answer comes before this one's.
        assertThat(set(redis, "v")).isTrue();
      }
      assertThat(current.isActive()).isTrue();
    }
  }

  @Test
  void anEngineThatIsThePrimaryNoMoreIsLeft() {
    RedisUri uri = RedisUri.parse(sentinels.uri());
    try (Channels channels = new Channels();
        Redis redis =
            LettuceRedis.connect(
                uri, it -> it.budget(ofSeconds(60)).resources(channels.resources()))) {
      Channel current =
          channels.all().stream().filter(Channel::isActive).reduce((a, b) -> b).orElseThrow();
      // Sentinels make it a primary again after a while; until then it says that it is none.
      sentinels.primary().command("REPLICAOF", "127.0.0.1", "1");

      await()
          .until(
              () -> {
                boolean written = set(redis, "v");
                return !current.isActive() && written;
              });
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
