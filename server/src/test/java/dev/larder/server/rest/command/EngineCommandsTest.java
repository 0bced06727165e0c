package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.engine.Version;
import dev.larder.server.rest.request.CommandBatch;
import dev.larder.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EngineCommandsTest {
  private final ManualClock clock = ManualClock.create();
  private final List<CompletableFuture<Engine>> questions = new ArrayList<>();
  private final EngineCommands commands =
      new EngineCommands(
          engine("get"),
          () -> {
            var question = new CompletableFuture<Engine>();
            questions.add(question);
            return question;
          },
          clock);

  private static Engine engine(String... names) {
    return new Engine(
        "redis",
        new Version(7, 0, 15),
        "run",
        false,
        Stream.of(names)
            .map(it -> new CommandInfo(it, -1, Set.of(), 1, 1, 1, Set.of(), Map.of()))
            .collect(Collectors.toMap(CommandInfo::name, Function.identity())));
  }

  private boolean knows(String name) {
    byte[] data = name.getBytes(UTF_8);
    var batch = new CommandBatch(data, data.length);
    batch.command();
    batch.argument(0, data.length);
    return !commands.now().guard().rule(batch, 0).isUnknown();
  }

  @Test
  void areAskedForAgainWhenOneIsUnknownThoughNotOften() {
    assertThat(knows("get")).isTrue();
    assertThat(knows("new.get")).isFalse();
    commands.missed();
    commands.missed();
    clock.advance(EngineCommands.PAUSE.minus(Duration.ofMillis(1)));
    commands.missed();
    assertThat(questions).hasSize(1);
    clock.advance(Duration.ofMillis(1));
    commands.missed();
    commands.missed();
    assertThat(questions).hasSize(2);
  }

  @Test
  void areJudgedByWhatIsKnownUntilTheEngineAnswers() {
    commands.missed();
    assertThat(knows("new.get")).isFalse();
    assertThat(knows("get")).isTrue();
    questions.get(0).complete(engine("get", "new.get"));
    assertThat(knows("new.get")).isTrue();
    assertThat(knows("new.set")).isFalse();
  }

  @Test
  void keepWhatIsKnownOfScriptsWhereTheEngineTellsNothingNew() {
    Commands before = commands.now();
    commands.missed();
    questions.get(0).complete(engine("get"));
    assertThat(commands.now()).isSameAs(before);
  }

  @Test
  void staySoWhereTheEngineDoesNotAnswer() {
    commands.missed();
    questions.get(0).completeExceptionally(new IllegalStateException("gone"));
    assertThat(knows("get")).isTrue();
    clock.advance(EngineCommands.PAUSE);
    commands.missed();
    questions.get(1).complete(engine("got"));
    assertThat(knows("got")).isTrue();
    assertThat(knows("get")).isFalse();
  }
}
