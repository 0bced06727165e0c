package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    await().until(() -> all.stream().allMatch(it -> it.toCompletableFuture().isDone()));
  }

  /** Of one that has settled. */
  private static boolean failedWith(Class<?> type, CompletableFuture<Reply> stage) {
    return type.isInstance(stage.handle((reply, fault) -> fault).getNow(null));
  }

  /** The first answer that there is, once the connection has come back by itself. */
  private Reply answer(Command command) {
    return await()
        .until(
            () -> {
              CompletableFuture<Reply> reply = redis.send(command).toCompletableFuture();
              settled(List.of(reply));
              return reply;
            },
            reply -> !reply.isCompletedExceptionally())
        .getNow(null);
  }

  /** What each key holds must be possible by what its caller was told. */
  private void countsAgree(List<CompletableFuture<Reply>> stages) {
    assertThat(stages).hasSize(keys);
    List<String> counts = counts();
    for (int i = 0; i < stages.size(); i++) {
      String count = counts.get(i);
      CompletableFuture<Reply> stage = stages.get(i);
      if (failedWith(RedisUnavailableException.class, stage)) {
        assertThat(count).as("k%s, not sent", i).isEqualTo("(nil)");
      } else if (failedWith(RedisOutcomeUnknownException.class, stage)) {
        assertThat(count).as("k%s, unknown", i).isIn("(nil)", "1");
      } else {
        assertThat(stage).as("k%s, answered", i).isCompletedWithValue(new Reply.Int(1));
        assertThat(count).as("k%s, answered", i).isEqualTo("1");
      }
    }
  }

  /** Not asked through {@link #redis}, whose budget a busy machine may exceed. */
  private List<String> counts() {
    Stream<String> mget =
        Stream.concat(Stream.of("MGET"), IntStream.range(0, keys).mapToObj(i -> "k" + i));
    return engine.command(mget.toArray(String[]::new)).lines().toList();
  }

  @Test
  void aPausedEngineLeavesTheOutcomeUnknownAndLaterExecutesOnce() {
    engine.pause();
    List<CompletableFuture<Reply>> stages = incrs(100);
    settled(stages);
    assertThat(stages).allMatch(it -> failedWith(RedisOutcomeUnknownException.class, it));
    assertThatThrownBy(() -> stages.get(0).getNow(null))
        .hasMessageContaining("INCR was sent, but not answered within 500 ms");

    engine.resume();
    await().until(() -> engine.command("GET", "k99").equals("1"));
    assertThat(counts()).containsOnly("1");

    // The late answers are nobody's.
    assertThat(answer(Command.of("ECHO").arg("mine")))
        .isEqualTo(new Reply.Bulk("mine".getBytes(UTF_8)));
  }

  @Test
  void anEngineKilledWhilePausedNeverGetsItsCommandsAgain() {
    engine.pause();
    List<CompletableFuture<Reply>> stages = new ArrayList<>(incrs(100));
    CompletableFuture<List<Outcome>> batch =
        redis
            .sendAll(List.of(Command.of("INCR").key("batch"), Command.of("INCR").key("batch")))
            .toCompletableFuture();
    // Sent behind them, and so they are sent when it is given up.
    settled(List.of(redis.within(ofMillis(5)).send(Command.of("PING"))));
    engine.kill();
    settled(stages);
    settled(List.of(batch));
    assertThat(stages).allMatch(it -> failedWith(RedisOutcomeUnknownException.class, it));
    assertThat(batch.join()).hasSize(2).hasOnlyElementsOfType(Outcome.Unknown.class);

    CompletableFuture<Reply> whileDown = incr();
    stages.add(whileDown);
    CompletableFuture<List<Outcome>> batchWhileDown =
        redis.sendAll(List.of(Command.of("INCR").key("batch"))).toCompletableFuture();
    settled(List.of(whileDown, batchWhileDown));
    assertThat(failedWith(RedisUnavailableException.class, whileDown)).isTrue();
    assertThat(batchWhileDown.join()).hasSize(1).hasOnlyElementsOfType(Outcome.NotSent.class);

    engine.restart();
    answer(Command.of("PING"));
    countsAgree(stages);
    assertThat(engine.command("EXISTS", "batch", "k0")).isEqualTo("0");
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
    answer(Command.of("PING"));
    countsAgree(stages);
    killer.close();
  }

  @Test
  void anEngineKilledUnderLoadExecutesNothingTwice() {
    List<CompletableFuture<Reply>> stages = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      stages.addAll(incrs(500));
      settled(stages.subList(stages.size() - 250, stages.size() - 249));
      stages.addAll(incrs(500));
      engine.kill();
      stages.addAll(incrs(500));
      settled(stages);
      engine.restart();
      answer(Command.of("PING"));
    }

    countsAgree(stages);
    assertThat(stages).anyMatch(it -> !it.isCompletedExceptionally());
    assertThat(stages).anyMatch(it -> failedWith(RedisUnavailableException.class, it));
  }
}
