package dev.larder.redis.lettuce;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.EngineBinary;
import dev.larder.redis.Redis;
import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.engine.Version;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.OnEachEngine;
import dev.larder.testkit.RealRedis;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@OnEachEngine
class EngineDetectionTest {
  private static Redis connect(RealRedis redis) {
    return Patient.connect(redis.uri());
  }

  @Test
  void tellsWhatTheEngineIs(RealRedis process) {
    try (Redis redis = connect(process)) {
      Engine engine = Engine.detect(redis);
      EngineBinary binary = process.process().binary();

      assertThat(engine)
          .hasToString(binary.product().name().toLowerCase(Locale.ROOT) + " " + binary.version());
      assertThat(engine.runId()).hasSize(40);
      assertThat(engine.clustered()).isFalse();
    }
  }

  @Test
  void tellsWhatTheEngineCan(RealRedis process) {
    try (Redis redis = connect(process)) {
      Engine engine = Engine.detect(redis);

      assertThat(engine.has("getdel")).isTrue();
      assertThat(engine.has("NoSuchCommand")).isFalse();
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
      assertThat(get.categories()).contains("read");
      assertThat(get.accepts(3)).isFalse();
      assertThat(get.blocks()).isFalse();
      assertThat(List.of("blpop", "xread"))
          .allMatch(it -> engine.command(it).orElseThrow().blocks());
    }
  }

  @Test
  void tellsTheEnginesSince70FromThoseBefore(RealRedis process) {
    boolean since70 = process.process().binary().version().isAtLeast(7, 0);
    try (Redis redis = connect(process)) {
      Engine engine = Engine.detect(redis);

      assertThat(engine.version().atLeast(7, 0)).isEqualTo(since70);
      assertThat(engine.has("EVAL_RO")).isEqualTo(since70);
      assertThat(engine.command("CONFIG").orElseThrow().subcommands().containsKey("get"))
          .isEqualTo(since70);
    }
  }

  @Test
  void seesANewRunIdAfterARestart(RealRedis process) {
    try (Redis redis = connect(process)) {
      String before = Engine.detect(redis).runId();
      process.process().kill();
      process.process().restart();
      await().ignoreExceptions().until(() -> !Engine.detect(redis).runId().equals(before));
    }
  }

  @Test
  void knowsTheCommandsWhereItsUserMayNotAskForThem(RealRedis process) {
    Engine told = detectAs(process, "+@all");
    Engine listed = detectAs(process, "+@all", "-command");

    assertThat(listed).hasToString(told.toString());
    assertThat(listed.has("getdel")).isTrue();
    assertThat(listed.has("EVAL_RO")).isEqualTo(told.has("EVAL_RO"));
    String series = told.version().major() + "." + told.version().minor();
    if (told.product().equals("redis") && List.of("6.2", "7.0").contains(series)) {
      assertThat(listed.commands())
          .containsExactlyInAnyOrderEntriesOf(told.commands()); // or the shipped list is wrong
    }
  }

  @Test
  void takesAnEngineForTheOldestThatDoesNotTellItsVersion(RealRedis process) {
    Engine untold = detectAs(process, "+@all", "-info");

    assertThat(untold.version()).isEqualTo(Version.UNKNOWN);
    assertThat(untold).hasToString("an engine of unknown version");
    assertThat(untold.commands()).isEqualTo(detectAs(process, "+@all").commands());

    Engine unknown = detectAs(process, "+@all", "-info", "-command");
    assertThat(unknown.has("getdel")).isTrue();
    assertThat(unknown.has("EVAL_RO")).isFalse();
  }

  private static Engine detectAs(RealRedis process, String... rights) {
    process
        .process()
        .command(
            Stream.concat(
                    Stream.of("ACL", "SETUSER", "ann", "reset", "on", ">pw"), Stream.of(rights))
                .toArray(String[]::new));
    RedisUri ann = RedisUri.parse("redis://ann:pw@127.0.0.1:" + process.process().port());
    try (Redis redis = LettuceRedis.connect(ann, it -> it.budget(ofSeconds(60)))) {
      return Engine.detect(redis);
    }
  }
}
