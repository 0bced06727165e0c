package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.Collections.nCopies;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.embedded.net.PortReservation;
import dev.larder.redis.Call;
import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.OnEachEngine;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.RedisProcess;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnEachEngine
class LettuceRedisTest {
  private static final Script COUNT_ONCE = Script.beside(LettuceRedisTest.class, "count_once.lua");
  private RedisUri uri;
  private Redis redis;

  @BeforeEach
  void connect(RealRedis engine) {
    uri = RedisUri.parse(engine.uri());
    // Ample, so that a busy machine breaks no test that is not about time.
    redis = LettuceRedis.connect(uri, it -> it.budget(ofSeconds(60)));
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private Reply reply(Call call) {
    return join(redis.send(call));
  }

  private List<Reply> replies(List<Command> commands) {
    return join(redis.sendAll(commands)).stream().map(Outcome::reply).toList();
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
        replies(
            List.of(
                Command.of("SET").key("k").arg("text"),
                Command.of("INCR").key("k"),
                Command.of("GET").key("k"),
                Command.of("INCR").key("n")));

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
      assertThat(reply(new ScriptCall(COUNT_ONCE, keys, List.of(arg))))
          .isEqualTo(new Reply.Array(List.of(new Reply.Int(run), new Reply.Bulk(arg))));
    }
    assertThat(reply(Command.of("SCRIPT").arg("EXISTS").arg(COUNT_ONCE.sha1())))
        .isEqualTo(new Reply.Array(List.of(new Reply.Int(1))));
  }

  @Test
  void tellsAStatusFromABulkWhereverTheirPacketsAreCut() {
    Random random = new Random(2);
    for (int round = 0; round < 30; round++) {
      List<byte[]> values = new ArrayList<>();
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        byte[] value = new byte[random.nextInt(2) * random.nextInt(3000)];
        Arrays.fill(value, (byte) '+');
        values.add(value);
        commands.add(Command.of("ECHO").arg(value));
        commands.add(Command.of("PING"));
      }
      List<Reply> replies = replies(commands);
      for (int i = 0; i < 500; i++) {
        assertThat(replies.get(2 * i)).isEqualTo(new Reply.Bulk(values.get(i)));
        assertThat(replies.get(2 * i + 1)).isEqualTo(new Reply.Status("PONG"));
      }
    }
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
                      replies(
                          IntStream.range(0, 100)
                              .mapToObj(i -> Command.of("ECHO").arg(own + i))
                              .toList());
                  return IntStream.range(0, 1000)
                          .allMatch(i -> join(answers.get(i)).text().equals(own + i))
                      && IntStream.range(0, 100)
                          .allMatch(i -> together.get(i).text().equals(own + i));
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get(90, SECONDS)).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void saysThatNothingListens() throws IOException {
    try (PortReservation nobody = PortReservation.any()) {
      RedisUri there = RedisUri.parse("redis://:hunter2@127.0.0.1:" + nobody.port());

      assertThatThrownBy(() -> LettuceRedis.connect(there))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageStartingWith(
              "cannot connect to redis://:***@127.0.0.1:" + nobody.port() + ": ")
          .hasMessageContaining("refused")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void logsInAndChoosesTheDatabase(RealRedis engine) {
    engine.process().command("ACL", "SETUSER", "ann", "on", ">s3:cr@t/", "+@all");
    String there = "@127.0.0.1:" + engine.process().port() + "/3";
    try (Redis in = LettuceRedis.connect(RedisUri.parse("redis://ann:s3%3Acr%40t%2F" + there))) {
      assertThat(join(in.send(Command.of("CLIENT").arg("INFO"))).text())
          .contains(" db=3 ", " user=ann ");
      assertThat(join(in.send(Command.of("HELLO"))).array())
          .containsSequence(bulk("proto"), new Reply.Int(2));
    }
  }

  @Test
  void refusesOnlyWhatItsQueueCannotHold() {
    try (Redis narrow = LettuceRedis.connect(uri, it -> it.queueSize(3))) {
      List<Outcome> outcomes = join(narrow.sendAll(nCopies(4, Command.of("INCR").key("n"))));

      assertThat(outcomes.subList(0, 3)).hasOnlyElementsOfType(Outcome.Answered.class);
      assertThat(outcomes.get(3))
          .isInstanceOfSatisfying(
              Outcome.NotSent.class,
              it -> assertThat(it.fault()).hasMessageContaining("3 calls wait for an answer"));
      assertThat(reply(Command.of("GET").key("n"))).isEqualTo(new Reply.Bulk(new byte[] {'3'}));
    }
  }

  @Test
  void sharesTheResourcesOfAnApplicationAndLeavesThemRunning() {
    ClientResources own = LettuceClients.resources().build();
    try {
      for (int time = 0; time < 2; time++) {
        try (Redis sharing = LettuceRedis.connect(uri, it -> it.resources(own))) {
          assertThat(join(sharing.send(Command.of("PING"))).text()).isEqualTo("PONG");
        }
      }
    } finally {
      assertThat(own.shutdown().awaitUninterruptibly(90, SECONDS)).isTrue();
    }
  }

  @Test
  void sendsNothingAfterBeingClosed() {
    redis.close();

    assertThatThrownBy(() -> join(redis.send(Command.of("INCR").key("n"))))
        .hasCauseInstanceOf(RedisUnavailableException.class);
  }

  @Test
  void leavesACommandOpenAsUnknownWhenClosedMeanwhile(RealRedis engine) {
    engine.process().pause();
    CompletionStage<Reply> incr = redis.send(Command.of("INCR").key("n"));
    CompletionStage<Reply> behind = redis.within(ofMillis(5)).send(Command.of("PING"));
    assertThatThrownBy(() -> join(behind)).hasCauseInstanceOf(RedisOutcomeUnknownException.class);
    redis.close();

    assertThatThrownBy(() -> join(incr)).hasCauseInstanceOf(RedisOutcomeUnknownException.class);
  }

  @Test
  void reachesAnEngineThroughItsUnixSocket(RealRedis engine, @TempDir Path directory) {
    assumeTrue(
        Epoll.isAvailable(), "Netty has no native epoll for this machine, so no unix sockets");
    Path socket = directory.resolve("redis.sock");
    try (RedisProcess socketed =
            RedisProcess.start(
                it ->
                    it.binary(engine.process().binary())
                        .password("pw")
                        .config("unixsocket " + socket));
        Redis through = LettuceRedis.connect(RedisUri.parse("redis-socket://:pw@" + socket))) {
      assertThat(socketed.isAlive()).isTrue();
      assertThat(join(through.send(Command.of("CLIENT").arg("INFO"))).text())
          .contains("addr=" + socket + ":0 ");
    }
  }
}
