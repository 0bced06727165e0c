package dev.larder.redis.lettuce.chaos;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.lettuce.chaos.Made.Told;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.StreamFault;
import dev.larder.testkit.relay.StreamFault.Cut;
import dev.larder.testkit.relay.StreamFault.Drop;
import dev.larder.testkit.relay.StreamFault.Flip;
import dev.larder.testkit.relay.StreamFault.Insert;
import dev.larder.testkit.relay.StreamFault.Replace;
import dev.larder.testkit.relay.TcpRelay;
import dev.larder.testkit.relay.TcpRelay.Direction;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whichever byte of several replies is harmed, by a fault that a reader can notice: nobody is
 * answered by another call's reply, and the connection is of use again.
 */
class EveryByteTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();
  @RegisterExtension static final TcpRelay relay = TcpRelay.to(() -> engine.process().port());

  private Redis redis;
  private long number;

  /** Every so many bytes; a soak leaves out none. */
  int stride() {
    return 7;
  }

  @BeforeEach
  void connect() {
    redis =
        LettuceRedis.connect(
            RedisUri.parse("redis://127.0.0.1:" + relay.port()), it -> it.budget(ofMillis(500)));
  }

  @AfterEach
  void close() {
    redis.close();
  }

  static Stream<StreamFault> faults() {
    return Stream.of(
        new Flip(0x80), new Replace("\0"), new Insert("\u0001"), new Drop(1), new Cut());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void noHarmedByteMakesAReplyAnothers(StreamFault fault) {
    int length = lengthOf(calls());
    for (int at = 0; at < length; at += stride()) {
      List<Made> calls = calls();
      relay.stall(Direction.TO_CLIENT);
      var outcomes = redis.sendAll(calls.stream().map(Made::call).toList());
      relay.inject(Direction.TO_CLIENT, at, fault);
      relay.resume();
      tell(calls, outcomes.toCompletableFuture().orTimeout(30, SECONDS).join());

      assertThat(calls).as("%s at %d", fault, at).noneMatch(it -> it.told() == Told.WRONG);
      assertThat(calls.stream().filter(it -> it.told() == Told.DAMAGED))
          .as("%s at %d", fault, at)
          .hasSizeLessThanOrEqualTo(1);
      awaitService(fault + " at " + at);
    }
  }

  @Test
  void readsRepliesByteByByte() {
    relay.chop(1);
    List<Made> calls = calls();
    tell(
        calls,
        redis
            .within(ofSeconds(20))
            .sendAll(calls.stream().map(Made::call).toList())
            .toCompletableFuture()
            .orTimeout(30, SECONDS)
            .join());
    assertThat(calls).allMatch(it -> it.told() == Told.ANSWERED);
  }

  @Test
  void aReplyThatNobodyAskedForEndsTheConnection() {
    awaitService("connected");
    String before = connection();
    relay.inject(Direction.TO_CLIENT, 0, new Insert("+nobody's\r\n"));
    await("the connection is another")
        .atMost(20, SECONDS)
        .until(() -> !connection().equals(before));
    awaitService("a reply that nobody asked for");
  }

  @Test
  void aReplyTooManyEndsTheConnection() {
    awaitService("connected");
    String before = connection();
    relay.stall(Direction.TO_CLIENT);
    var answer = redis.send(Command.of("PING"));
    relay.inject(Direction.TO_CLIENT, 7, new Insert(":1\r\n"));
    relay.resume();
    await().until(() -> answer.toCompletableFuture().isDone());
    await("the connection is another")
        .atMost(20, SECONDS)
        .until(() -> !connection().equals(before));
    awaitService("a reply too many");
  }

  /** Which one the engine sees; empty while there is none. */
  private static String connection() {
    return engine
        .process()
        .command("CLIENT", "LIST", "TYPE", "normal")
        .lines()
        .filter(it -> !it.contains(" cmd=client"))
        .map(it -> it.replaceFirst(" .*", ""))
        .findFirst()
        .orElse("");
  }

  private List<Made> calls() {
    return IntStream.range(0, 2)
        .boxed()
        .flatMap(
            i ->
                Stream.of(
                    Made.added(mark()),
                    Made.echoed(mark()),
                    Made.scripted(mark()),
                    Made.refused(mark())))
        .toList();
  }

  private Mark mark() {
    return new Mark(1_000_000 + number++);
  }

  private static void tell(List<Made> calls, List<Outcome> outcomes) {
    for (int i = 0; i < calls.size(); i++) {
      calls.get(i).tell(outcomes.get(i));
    }
  }

  /** How many bytes answer these, which the engine then knows the script of. */
  private int lengthOf(List<Made> calls) {
    redis.sendAll(calls.stream().map(Made::call).toList()).toCompletableFuture().join();
    // Every kind twice: an integer, a bulk, an array of both, and an error.
    return 2 * (16 + 22 + 42 + 60);
  }

  private void awaitService(String since) {
    await("service after " + since)
        .atMost(20, SECONDS)
        .until(
            () -> {
              Made probe = Made.echoed(mark());
              redis
                  .send(probe.call())
                  .whenComplete(probe::tell)
                  .handle((reply, fault) -> true)
                  .toCompletableFuture()
                  .orTimeout(30, SECONDS)
                  .join();
              assertThat(probe.told()).as("%s: %s", since, probe).isNotEqualTo(Told.WRONG);
              return probe.told() == Told.ANSWERED;
            });
  }
}
