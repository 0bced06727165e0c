package dev.larder.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.redis.Command;
import dev.larder.redis.CommandInfo;
import dev.larder.redis.Engine;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Version;
import org.junit.jupiter.api.Test;

class EngineDetectionTest {
  @Test
  void tellsWhatTheInstalledEngineIsAndCan() {
    try (RealRedis process = RealRedis.started();
        Redis redis = LettuceRedis.connect(process.uri())) {
      Engine engine = redis.engine();

      assertThat(engine.version()).isGreaterThanOrEqualTo(new Version(7, 0, 0));
      assertThat(engine.runId()).hasSize(40);
      assertThat(engine.clustered()).isFalse();
      assertThat(engine.has("getdel")).isTrue();
      assertThat(engine.has("NoSuchCommand")).isFalse();
      assertThat(engine.command("CONFIG"))
          .hasValueSatisfying(config -> assertThat(config.subcommands()).containsKey("get"));

      CommandInfo mset = engine.command("MSET").orElseThrow();
      assertThat(mset.writes()).isTrue();
      assertThat(mset.readOnly()).isFalse();
      assertThat(mset.firstKey()).isEqualTo(1);
      assertThat(mset.lastKey()).isEqualTo(-1);
      assertThat(mset.step()).isEqualTo(2);
      assertThat(mset.categories()).contains("write", "string", "slow");
      assertThat(mset.accepts(2)).isFalse();
      assertThat(mset.accepts(3)).isTrue();
      CommandInfo get = engine.command("get").orElseThrow();
      assertThat(get.readOnly()).isTrue();
      assertThat(get.accepts(3)).isFalse();
      assertThat(engine.command("blpop").orElseThrow().blocks()).isTrue();
    }
  }

  @Test
  void tellsRedis62FromNewerOnes() {
    try (RealRedis process = RealRedis.bundled();
        Redis redis = LettuceRedis.connect(process.uri())) {
      Engine engine = redis.engine();

      assertThat(engine).hasToString("redis " + engine.version());
      assertThat(engine.version().atLeast(6, 2)).isTrue();
      assertThat(engine.version().atLeast(7, 0)).isFalse();
      assertThat(engine.has("GETDEL")).isTrue();
      assertThat(engine.has("EVAL_RO")).isFalse();
      assertThat(engine.command("get").orElseThrow().categories()).contains("read");
    }
  }

  @Test
  void seesANewRunIdAfterARestart() {
    try (RealRedis process = RealRedis.started();
        Redis redis = LettuceRedis.connect(process.uri())) {
      process.kill();
      process.restart();
      org.awaitility.Awaitility.await()
          .ignoreExceptions()
          .until(() -> !Engine.detect(redis).runId().equals(redis.engine().runId()));
    }
  }

  @Test
  void saysWhichReplyItWasNotGiven() {
    try (RealRedis process = RealRedis.started()) {
      try (Redis redis = LettuceRedis.connect(process.uri())) {
        redis
            .send(
                Command.of("ACL")
                    .arg("SETUSER")
                    .arg("ann")
                    .arg("on")
                    .arg(">pw")
                    .arg("+@all")
                    .arg("-info"))
            .toCompletableFuture()
            .join();
      }
      RedisUri ann = RedisUri.parse("redis://ann:pw@127.0.0.1:" + process.port());

      assertThatThrownBy(() -> LettuceRedis.connect(ann))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("NOPERM");
    }
  }
}
