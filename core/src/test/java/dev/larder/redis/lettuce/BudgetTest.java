package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.TcpRelay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** "Deadline per call": any budget from 5 ms, kept closely, for all of a call. */
class BudgetTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  private static final Script COUNT_ONCE = Script.beside(BudgetTest.class, "count_once.lua");

  private TcpRelay relay;
  private Redis redis;

  @BeforeEach
  void connect() {
    relay = TcpRelay.to(engine.process().port());
    redis = Patient.connect("redis://127.0.0.1:" + relay.port());
  }

  @AfterEach
  void close() {
    redis.close();
    relay.close();
  }

  /** How long a call took to fail. */
  private static CompletableFuture<Duration> failing(Redis within) {
    long began = System.nanoTime();
    return within
        .send(Command.of("PING"))
        .handle((reply, fault) -> Duration.ofNanos(System.nanoTime() - began))
        .toCompletableFuture();
  }

  @ParameterizedTest(name = "{0} ms")
  @ValueSource(longs = {5, 20, 100, 700, 1500})
  void endsACallThatIsNotAnsweredWithinIt(long millis) {
    relay.stall();

    assertThat(join(failing(redis.within(ofMillis(millis)))))
        .isBetween(ofMillis(millis), ofMillis(10 * millis));
  }

  @Test
  void isKeptForEachOfManyCallsWithBudgetsOfTheirOwn() {
    relay.stall();
    List<CompletableFuture<Duration>> calls =
        IntStream.range(0, 5_000)
            .mapToObj(i -> failing(redis.within(ofMillis(100 + i * 31L % 900))))
            .toList();

    for (int i = 0; i < calls.size(); i++) {
      long budget = 100 + i * 31L % 900;
      assertThat(calls.get(i).orTimeout(90, SECONDS).join())
          .isBetween(ofMillis(budget), ofMillis(10 * budget));
    }
  }

  @Test
  void includesTheSecondTripOfAScriptThatRedisDoesNotKnow() {
    var run = new ScriptCall(COUNT_ONCE, List.of("n".getBytes(UTF_8)), List.of(new byte[0]));
    // A trip takes 600 ms, so the first is in time and the second is not.
    relay.delay(ofMillis(300));
    long began = System.nanoTime();

    assertThatThrownBy(
            () ->
                redis
                    .within(ofMillis(900))
                    .send(run)
                    .toCompletableFuture()
                    .orTimeout(90, SECONDS)
                    .join())
        .hasCauseInstanceOf(RedisOutcomeUnknownException.class)
        .hasMessageContaining("within 900 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(ofMillis(900), ofSeconds(9));
  }

  @Test
  void ofAViewIsNotThatOfTheOthers() {
    Redis hasty = redis.within(ofMillis(50));
    relay.stall();
    CompletableFuture<Reply> patient = redis.send(Command.of("PING")).toCompletableFuture();
    join(failing(hasty));
    assertThat(patient).isNotDone();
    relay.resume();

    assertThat(join(patient)).isEqualTo(new Reply.Status("PONG"));
    hasty.close();
    assertThat(join(redis.send(Command.of("PING"))))
        .as("after the view was closed")
        .isEqualTo(new Reply.Status("PONG"));
  }

  @Test
  void isAtLeastFiveMilliseconds() {
    for (Duration tooShort : List.of(ofMillis(4), Duration.ZERO, ofMillis(-1))) {
      assertThatThrownBy(() -> redis.within(tooShort))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("budget must be from PT0.005S to PT24H, was " + tooShort);
    }
  }
}
