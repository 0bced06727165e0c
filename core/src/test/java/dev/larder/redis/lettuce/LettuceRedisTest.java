package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import io.lettuce.core.resource.ClientResources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LettuceRedisTest {
  private static final Script COUNT_ONCE = Script.beside(LettuceRedisTest.class, "count_once.lua");
  private static RealRedis engine;
  private static Redis redis;

  @BeforeAll
  static void start() {
    engine = RealRedis.started();
    redis = LettuceRedis.connect(engine.uri());
  }

  @AfterAll
  static void stop() {
    redis.close();
    engine.close();
  }

  @BeforeEach
  void empty() {
    reply(Command.of("FLUSHALL"));
  }

  private static Reply reply(Command command) {
    return join(redis.send(command));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Reply bulk(String text) {
    return new Reply.Bulk(text.getBytes(UTF_8));
  }

  @Test
  void keepsEveryByteOfKeysAndValues() {
    byte[] everything = new byte[256];
    for (int i = 0; i < everything.length; i++) {
      everything[i] = (byte) i;
      byte[] one = {(byte) i};
      assertThat(reply(Command.of("SET").key(one).arg(one))).isEqualTo(new Reply.Status("OK"));
      assertThat(reply(Command.of("GET").key(one))).isEqualTo(new Reply.Bulk(one));
    }
    reply(Command.of("SET").key(everything).arg(everything));

    assertThat(reply(Command.of("GET").key(everything))).isEqualTo(new Reply.Bulk(everything));
    assertThat(reply(Command.of("DBSIZE"))).isEqualTo(new Reply.Int(257));
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 16_384, 5_000_000})
  void keepsValuesOfAnyLength(int length) {
    byte[] value = new byte[length];
    new Random(length).nextBytes(value);
    reply(Command.of("SET").key("k").arg(value));

    assertThat(reply(Command.of("GET").key("k"))).isEqualTo(new Reply.Bulk(value));
  }

  @Test
  void givesEveryShapeOfReply() {
    assertThat(reply(Command.of("PING"))).isEqualTo(new Reply.Status("PONG"));
    assertThat(reply(Command.of("DECRBY").key("n").arg(Long.MAX_VALUE)))
        .isEqualTo(new Reply.Int(-Long.MAX_VALUE));
    assertThat(reply(Command.of("GET").key("none"))).isEqualTo(new Reply.Nil());
    assertThat(reply(Command.of("LPOP").key("none").arg(2))).isEqualTo(new Reply.Nil());
    assertThat(reply(Command.of("LRANGE").key("none").arg(0).arg(-1)))
        .isEqualTo(new Reply.Array(List.of()));
    assertThat(
            reply(
                Command.of("EVAL")
                    .arg("return {1, {'a', {}, {{}}}, false, {ok='S'}, {err='E x'}, 'z'}")
                    .arg(0)))
        .isEqualTo(
            new Reply.Array(
                List.of(
                    new Reply.Int(1),
                    new Reply.Array(
                        List.of(
                            bulk("a"),
                            new Reply.Array(List.of()),
                            new Reply.Array(List.of(new Reply.Array(List.of()))))),
                    new Reply.Nil(),
                    new Reply.Status("S"),
                    new Reply.Failure("E x"),
                    bulk("z"))));
  }

  @Test
  void givesAnErrorOfRedisAsAValue() {
    reply(Command.of("SET").key("k").arg("text"));

    assertThat(reply(Command.of("LPUSH").key("k").arg("v")))
        .isInstanceOfSatisfying(
            Reply.Failure.class, it -> assertThat(it.code()).isEqualTo("WRONGTYPE"));
    assertThat(reply(Command.of("NOSUCHCOMMAND")))
        .isInstanceOfSatisfying(
            Reply.Failure.class, it -> assertThat(it.message()).startsWith("ERR unknown command"));
  }

  @Test
  void answersManyInTheirOrderAndGoesOnPastAFailure() {
    List<Reply> replies =
        join(
            redis.sendAll(
                List.of(
                    Command.of("SET").key("k").arg("text"),
                    Command.of("INCR").key("k"),
                    Command.of("GET").key("k"),
                    Command.of("INCR").key("n"))));

    assertThat(replies).hasSize(4);
    assertThat(replies.get(0)).isEqualTo(new Reply.Status("OK"));
    assertThat(replies.get(1)).isInstanceOf(Reply.Failure.class);
    assertThat(replies.get(2)).isEqualTo(bulk("text"));
    assertThat(replies.get(3)).isEqualTo(new Reply.Int(1));
    assertThat(join(redis.sendAll(List.of()))).isEmpty();
  }

  @Test
  void runsAScriptOnceWhetherRedisKnowsItOrNot() {
    List<byte[]> keys = List.of("runs".getBytes(UTF_8));
    byte[] arg = {0, '\r', '\n', -1};
    for (long run = 1; run <= 3; run++) {
      if (run != 2) {
        reply(Command.of("SCRIPT").arg("FLUSH"));
      }
      assertThat(join(redis.run(COUNT_ONCE, keys, List.of(arg))))
          .isEqualTo(new Reply.Array(List.of(new Reply.Int(run), new Reply.Bulk(arg))));
    }
    assertThat(reply(Command.of("SCRIPT").arg("EXISTS").arg(COUNT_ONCE.sha1())))
        .isEqualTo(new Reply.Array(List.of(new Reply.Int(1))));
  }

  @Test
  void namesTheScriptThatIsMissing() {
    assertThatThrownBy(() -> Script.beside(LettuceRedisTest.class, "none.lua"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no script none.lua beside dev.larder.redis.lettuce.LettuceRedisTest");
  }

  @Test
  void givesEachOfManyThreadsItsOwnAnswers() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int thread = 0; thread < 16; thread++) {
        String own = "thread " + thread + ", ";
        all.add(
            threads.submit(
                () -> {
                  List<CompletionStage<Reply>> answers =
                      IntStream.range(0, 1000)
                          .mapToObj(i -> redis.send(Command.of("ECHO").arg(own + i)))
                          .toList();
                  List<Reply> together =
                      join(
                          redis.sendAll(
                              IntStream.range(0, 100)
                                  .mapToObj(i -> Command.of("ECHO").arg(own + i))
                                  .toList()));
                  return IntStream.range(0, 1000)
                          .allMatch(i -> join(answers.get(i)).text().equals(own + i))
                      && IntStream.range(0, 100)
                          .allMatch(i -> together.get(i).text().equals(own + i));
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void saysThatNothingListens() {
    int port = engine.port();
    try (RealRedis other = RealRedis.started()) {
      port = other.port();
    }
    RedisUri uri = RedisUri.parse("redis://:hunter2@127.0.0.1:" + port);

    assertThatThrownBy(() -> LettuceRedis.connect(uri))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageStartingWith("cannot connect to redis://:***@127.0.0.1:" + port + ": ")
        .hasMessageContaining("refused")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void logsInAndChoosesTheDatabase() {
    try (RealRedis locked = RealRedis.started("--requirepass", "s3:cr@t/")) {
      String there = "@127.0.0.1:" + locked.port() + "/3";
      try (Redis in =
          LettuceRedis.connect(RedisUri.parse("redis://default:s3%3Acr%40t%2F" + there))) {
        assertThat(join(in.send(Command.of("CLIENT").arg("INFO"))).text())
            .contains(" db=3 ", " resp=2 ");
      }
      assertThatThrownBy(() -> LettuceRedis.connect(RedisUri.parse("redis://:wrong" + there)))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("WRONGPASS")
          .hasMessageNotContaining("wrong@");
    }
  }

  @Test
  void refusesWhatItsQueueCannotHoldBeforeAnythingIsSent() {
    try (Redis narrow = LettuceRedis.connect(engine.uri(), it -> it.queueSize(3))) {
      List<Command> four = Arrays.asList(new Command[4]);
      four.replaceAll(none -> Command.of("INCR").key("n"));

      assertThatThrownBy(() -> join(narrow.sendAll(four)))
          .hasCauseInstanceOf(RedisUnavailableException.class);
      assertThat(reply(Command.of("GET").key("n"))).isEqualTo(new Reply.Nil());
    }
  }

  @Test
  void sharesTheResourcesOfAnApplicationAndLeavesThemRunning() {
    ClientResources own = LettuceClients.resources().build();
    try {
      for (int time = 0; time < 2; time++) {
        try (Redis sharing = LettuceRedis.connect(engine.uri(), it -> it.resources(own))) {
          assertThat(join(sharing.send(Command.of("PING"))).text()).isEqualTo("PONG");
        }
      }
    } finally {
      own.shutdown();
    }
  }

  @Test
  void sendsNothingAfterBeingClosed() {
    Redis closed = LettuceRedis.connect(engine.uri());
    closed.close();

    assertThatThrownBy(() -> join(closed.send(Command.of("INCR").key("n"))))
        .hasCauseInstanceOf(RedisUnavailableException.class);
  }

  @Test
  void leavesACommandOpenAsUnknownWhenClosedMeanwhile() {
    try (RealRedis paused = RealRedis.started()) {
      Redis closing = LettuceRedis.connect(paused.uri());
      paused.pause();
      CompletionStage<Reply> incr = closing.send(Command.of("INCR").key("n"));
      closing.close();

      assertThatThrownBy(() -> join(incr)).hasCauseInstanceOf(RedisOutcomeUnknownException.class);
    }
  }

  @Test
  void reachesAnEngineThroughItsUnixSocket() {
    try (RealRedis socketed =
        RealRedis.started("--unixsocket", "redis.sock", "--requirepass", "pw")) {
      RedisUri uri =
          RedisUri.parse("redis-socket://:pw@" + socketed.directory().resolve("redis.sock"));
      try (Redis through = LettuceRedis.connect(uri)) {
        assertThat(join(through.send(Command.of("CLIENT").arg("INFO"))).text())
            .contains("redis.sock:0");
      }
    }
  }
}
