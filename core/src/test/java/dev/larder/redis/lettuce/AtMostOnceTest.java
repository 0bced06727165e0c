package dev.larder.redis.lettuce;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Reply;
import dev.larder.testkit.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every command increments a key of its own: a key above 1 was sent twice. */
class AtMostOnceTest {
  private RedisProcess engine;
  private Redis redis;
  private int keys;

  @BeforeEach
  void start() {
    engine = RedisProcess.start(RedisProcess.Options::appendOnly);
    redis = connect(ofMillis(500));
  }

  @AfterEach
  void stop() {
    redis.close();
    engine.close();
  }

  private Redis connect(Duration budget) {
    return LettuceRedis.connect(RedisUri.parse(engine.uri()), it -> it.budget(budget));
  }

  private CompletableFuture<Reply> incr() {
    return redis.send(Command.of("INCR").key("k" + keys++)).toCompletableFuture();
  }

  private List<CompletableFuture<Reply>> incrs(int count) {
    return IntStream.range(0, count).mapToObj(i -> incr()).toList();
  }

  private static void settled(List<? extends CompletionStage<?>> all) {
    await()
        .atMost(20, SECONDS)
        .until(() -> all.stream().allMatch(it -> it.toCompletableFuture().isDone()));
  }

  private static boolean failedWith(Class<?> type, CompletableFuture<Reply> stage) {
    return type.isInstance(stage.handle((reply, fault) -> fault).join());
  }

  /** Waits for the connection to come back by itself. */
  private void reconnected() {
    await()
        .atMost(20, SECONDS)
        .until(
            () ->
                redis
                    .send(Command.of("PING"))
                    .handle((reply, fault) -> fault == null)
                    .toCompletableFuture()
                    .join());
  }

  /** What each key holds must be possible by what its caller was told. */
  private void countsAgree(List<CompletableFuture<Reply>> stages) {
    assertThat(stages).hasSize(keys);
    for (int i = 0; i < stages.size(); i++) {
      Reply count = redis.send(Command.of("GET").key("k" + i)).toCompletableFuture().join();
      CompletableFuture<Reply> stage = stages.get(i);
      if (failedWith(RedisUnavailableException.class, stage)) {
        assertThat(count).as("k%s, not sent", i).isEqualTo(new Reply.Nil());
      } else if (failedWith(RedisOutcomeUnknownException.class, stage)) {
        assertThat(count instanceof Reply.Nil || count.text().equals("1"))
            .as("k%s, unknown, is %s", i, count)
            .isTrue();
      } else {
        assertThat(stage.join()).as("k%s, answered", i).isEqualTo(new Reply.Int(1));
        assertThat(count.text()).as("k%s, answered", i).isEqualTo("1");
      }
    }
  }

  @Test
  void aPausedEngineLeavesTheOutcomeUnknownAndLaterExecutesOnce() {
    engine.pause();
    List<CompletableFuture<Reply>> stages = incrs(100);
    settled(stages);
    assertThat(stages).allMatch(it -> failedWith(RedisOutcomeUnknownException.class, it));
    assertThatThrownBy(stages.get(0)::join)
        .hasMessageContaining("INCR was sent, but not answered within 500 ms");

    engine.resume();
    await()
        .atMost(20, SECONDS)
        .until(
            () ->
                redis.send(Command.of("GET").key("k99")).toCompletableFuture().join()
                    instanceof Reply.Bulk);

    countsAgree(stages);
    assertThat(redis.send(Command.of("ECHO").arg("mine")).toCompletableFuture().join().text())
        .isEqualTo("mine");
  }

  @Test
  void anEngineKilledWhilePausedNeverGetsItsCommandsAgain() {
    engine.pause();
    List<CompletableFuture<Reply>> stages = new ArrayList<>(incrs(100));
    List<CompletionStage<?>> batch =
        List.of(
            redis.sendAll(
                List.of(Command.of("INCR").key("batch"), Command.of("INCR").key("batch"))));
    engine.kill();
    settled(stages);
    settled(batch);
    assertThat(stages).allMatch(it -> failedWith(RedisOutcomeUnknownException.class, it));
    assertThatThrownBy(batch.get(0).toCompletableFuture()::join)
        .hasCauseInstanceOf(RedisOutcomeUnknownException.class);

    CompletableFuture<Reply> whileDown = incr();
    stages.add(whileDown);
    assertThatThrownBy(whileDown::join).hasCauseInstanceOf(RedisUnavailableException.class);
    assertThatThrownBy(
            redis.sendAll(List.of(Command.of("INCR").key("batch"))).toCompletableFuture()::join)
        .hasCauseInstanceOf(RedisUnavailableException.class);

    engine.restart();
    reconnected();
    countsAgree(stages);
    assertThat(redis.send(Command.of("EXISTS").key("batch").key("k0")).toCompletableFuture().join())
        .isEqualTo(new Reply.Int(0));
  }

  /** Executed, but not answered: the engine drops the answers together with the connection. */
  @Test
  void aConnectionThatBreaksBeforeTheAnswerIsNoReasonToSendAgain() {
    Redis killer = redis;
    redis = connect(ofSeconds(60));
    engine.pause();
    List<CompletableFuture<Reply>> stages = incrs(100);
    CompletionStage<Reply> kill =
        killer.send(Command.of("CLIENT").arg("KILL").arg("TYPE").arg("normal"));
    engine.resume();

    settled(List.of(kill));
    settled(stages);
    reconnected();
    countsAgree(stages);
    killer.close();
  }

  @Test
  void anEngineKilledUnderLoadExecutesNothingTwice() {
    List<CompletableFuture<Reply>> stages = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      stages.addAll(incrs(500));
      stages.get(stages.size() - 250).handle((reply, fault) -> reply).join();
      stages.addAll(incrs(500));
      engine.kill();
      stages.addAll(incrs(500));
      settled(stages);
      engine.restart();
      reconnected();
    }

    countsAgree(stages);
    assertThat(stages).anyMatch(it -> !it.isCompletedExceptionally());
    assertThat(stages).anyMatch(it -> failedWith(RedisUnavailableException.class, it));
  }
}
