package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.testkit.RealRedis;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** "Cancelling": a cancel is a cancel, and never takes back what was sent. */
class CancelTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  private static final Command INCR = Command.of("INCR").key("n");

  private Redis redis;

  @BeforeEach
  void connect() {
    redis = Patient.connect(engine.process().uri());
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private String answer(Command command) {
    Reply reply = join(redis.send(command));
    return reply instanceof Reply.Bulk || reply instanceof Reply.Status ? reply.text() : "none";
  }

  @Test
  void whatWasNotSentIsNeverSent() {
    try (HeldLoop loop = HeldLoop.of(redis, engine.process())) {
      assertThat(loop).isNotNull();
      CompletableFuture<Reply> one = redis.send(INCR).toCompletableFuture();
      CompletableFuture<List<Outcome>> many =
          redis.sendAll(List.of(INCR, INCR)).toCompletableFuture();
      assertThat(one.cancel(true)).isTrue();
      assertThat(many.cancel(true)).isTrue();
      assertThatThrownBy(one::join).isInstanceOf(CancellationException.class);
      assertThatThrownBy(many::join).isInstanceOf(CancellationException.class);
    }

    assertThat(answer(Command.of("PING"))).isEqualTo("PONG");
    assertThat(answer(Command.of("GET").key("n"))).isEqualTo("none");
  }

  @Test
  void whatWasSentIsExecutedAndItsReplyIsNobodyElses() {
    engine.process().pause();
    CompletableFuture<Reply> one = redis.send(INCR).toCompletableFuture();
    // Sent behind it, and so it is sent when this is given up.
    assertThatThrownBy(() -> redis.within(ofSeconds(1)).send(INCR).toCompletableFuture().join())
        .hasMessageContaining("was sent");
    assertThat(one.cancel(true)).isTrue();
    engine.process().resume();

    assertThat(answer(Command.of("ECHO").arg("mine"))).isEqualTo("mine");
    assertThat(answer(Command.of("GET").key("n"))).isEqualTo("2");
    assertThat(one).isCancelled();
  }

  @Test
  void nothingIsLeftBehind() {
    engine.process().pause();
    Redis patient = redis.within(ofMinutes(60));
    List<WeakReference<byte[]>> arguments =
        Stream.generate(
                () -> {
                  byte[] argument = new byte[100_000];
                  assertThat(
                          patient
                              .send(Command.of("ECHO").arg(argument))
                              .toCompletableFuture()
                              .cancel(true))
                      .isTrue();
                  return new WeakReference<>(argument);
                })
            .limit(100)
            .toList();
    engine.process().resume();
    assertThat(answer(Command.of("ECHO").arg("mine"))).isEqualTo("mine");

    await()
        .until(
            () -> {
              System.gc();
              return arguments.stream().allMatch(it -> it.get() == null);
            });
  }
}
