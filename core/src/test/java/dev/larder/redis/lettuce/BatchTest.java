package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.redis.Call;
import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.StreamFault;
import dev.larder.testkit.relay.TcpRelay;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** "Batches" and "many callers": an outcome for each call, and one flush for all of a turn. */
class BatchTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  private static final Script COUNT_ONCE = Script.beside(BatchTest.class, "count_once.lua");

  private TcpRelay relay;
  private Channels channels;
  private Redis redis;

  @BeforeEach
  void connect() {
    relay = TcpRelay.to(engine.process().port());
    channels = new Channels();
    redis =
        LettuceRedis.connect(
            RedisUri.parse("redis://127.0.0.1:" + relay.port()),
            it -> it.budget(ofSeconds(60)).resources(channels.resources()));
  }

  @AfterEach
  void close() {
    redis.close();
    channels.close();
    relay.close();
  }

  private static List<Command> echoes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Command.of("ECHO").arg("%04d".formatted(i)))
        .toList();
  }

  @Test
  void theRepliesThatCameBeforeAFaultAreKept() {
    // A reply has ten bytes: "$4\r\n0000\r\n".
    relay.inject(TcpRelay.Direction.TO_CLIENT, 105, new StreamFault.Cut());
    List<Outcome> outcomes = join(redis.sendAll(echoes(50)));

    assertThat(outcomes).hasSize(50);
    for (int i = 0; i < 10; i++) {
      assertThat(outcomes.get(i).reply().text()).isEqualTo("%04d".formatted(i));
    }
    assertThat(outcomes.subList(10, 50)).hasOnlyElementsOfType(Outcome.Unknown.class);
  }

  @Test
  void nothingOfABatchIsSentWithoutAConnection() {
    relay.cut();
    List<Outcome> outcomes;
    do {
      outcomes = join(redis.sendAll(echoes(3)));
    } while (outcomes.get(0) instanceof Outcome.Unknown);

    assertThat(outcomes).hasSize(3).hasOnlyElementsOfType(Outcome.NotSent.class);
  }

  @Test
  void scriptsThatRedisDoesNotKnowAreMendedOneByOne() {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      byte[] key = ("n" + i).getBytes(UTF_8);
      calls.add(new ScriptCall(COUNT_ONCE, List.of(key), List.of(key)));
      calls.add(Command.of("ECHO").arg("between"));
    }
    List<Outcome> outcomes = join(redis.sendAll(calls));

    for (int i = 0; i < 20; i++) {
      byte[] key = ("n" + i).getBytes(UTF_8);
      assertThat(outcomes.get(2 * i).reply())
          .isEqualTo(new Reply.Array(List.of(new Reply.Int(1), new Reply.Bulk(key))));
      assertThat(outcomes.get(2 * i + 1).reply().text()).isEqualTo("between");
    }
  }

  @Test
  void aBatchGoesOutWithOneFlush() {
    int before = channels.flushes();
    join(redis.sendAll(echoes(1000)));

    assertThat(channels.flushes() - before).isEqualTo(1);
  }

  @Test
  void callersShareAFlush() throws InterruptedException {
    List<CompletionStage<Reply>> sent = Collections.synchronizedList(new ArrayList<>());
    int flushed;
    try (HeldLoop loop = HeldLoop.of(redis, engine.process())) {
      assertThat(loop).isNotNull();
      flushed = channels.flushes();
      List<Thread> callers =
          IntStream.range(0, 64)
              .mapToObj(i -> new Thread(() -> echoes(10).forEach(it -> sent.add(redis.send(it)))))
              .toList();
      callers.forEach(Thread::start);
      for (Thread caller : callers) {
        caller.join(90_000);
      }
    }
    sent.forEach(Patient::join);

    assertThat(sent).hasSize(640);
    assertThat(channels.flushes() - flushed).isEqualTo(1);
  }
}
