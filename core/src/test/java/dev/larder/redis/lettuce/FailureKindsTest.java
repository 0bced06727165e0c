package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Call;
import dev.larder.redis.Command;
import dev.larder.redis.FailureKind;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisRefusedException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.testkit.OnEachEngine;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.RedisProcess;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every kind of failure as a real engine answers it, to a command and to a script's command. */
@OnEachEngine
class FailureKindsTest {
  private static final Script SET = Script.beside(FailureKindsTest.class, "set.lua");
  private static final Command SET_COMMAND = Command.of("SET").key("k").arg("v");
  private static final ScriptCall SET_BY_SCRIPT =
      new ScriptCall(SET, List.of("k".getBytes(UTF_8)), List.of("v".getBytes(UTF_8)));

  private final RedisProcess engine;

  FailureKindsTest(RealRedis running) {
    engine = running.process();
  }

  private Redis connect() {
    return connect(engine.uri());
  }

  private static Redis connect(String uri) {
    return Patient.connect(uri);
  }

  private static Command maxClients(int most) {
    return Command.of("CONFIG").arg("SET").arg("maxclients").arg(most);
  }

  private static @Nullable FailureKind kind(Redis redis, Call call) {
    Reply reply = join(redis.send(call));
    return reply instanceof Reply.Failure failure ? failure.kind() : null;
  }

  @Test
  void aReplicaTakesNoWrites() {
    try (Redis redis = connect()) {
      engine.command("REPLICAOF", "127.0.0.1", "1");

      assertThat(kind(redis, SET_COMMAND)).isEqualTo(FailureKind.READONLY);
      assertThat(kind(redis, SET_BY_SCRIPT)).isEqualTo(FailureKind.READONLY);
      engine.command("CONFIG", "SET", "replica-serve-stale-data", "no");
      assertThat(kind(redis, Command.of("GET").key("k"))).isEqualTo(FailureKind.MASTERDOWN);
    } finally {
      engine.command("REPLICAOF", "NO", "ONE");
    }
  }

  @Test
  void aFullMemoryTakesNoWrites() {
    try (Redis redis = connect()) {
      engine.command("CONFIG", "SET", "maxmemory", "1");

      assertThat(kind(redis, SET_COMMAND)).isEqualTo(FailureKind.OOM);
      assertThat(kind(redis, SET_BY_SCRIPT)).isEqualTo(FailureKind.OOM);
    }
  }

  @Test
  void aUserMayNotDoEverything() {
    engine.command("ACL", "SETUSER", "ann", "on", ">pw", "~*", "+@all", "-get");
    try (Redis redis = connect("redis://ann:pw@127.0.0.1:" + engine.port())) {
      assertThat(kind(redis, Command.of("GET").key("k"))).isEqualTo(FailureKind.NOPERM);
    }
  }

  @Test
  void anEndlessScriptKeepsTheEngineBusy() {
    engine.command("CONFIG", "SET", "lua-time-limit", "10");
    try (Redis caught = connect();
        Redis redis = connect()) {
      var endless = caught.send(Command.of("EVAL").arg("while true do end").arg(0));
      await().until(() -> kind(redis, Command.of("PING")) == FailureKind.BUSY);
      redis.send(Command.of("SCRIPT").arg("KILL"));

      assertThat(join(endless)).isInstanceOf(Reply.Failure.class);
    }
  }

  @Test
  void aWrongPasswordIsRefusedAndNotWorthAnotherTry() {
    engine.command("ACL", "SETUSER", "ann", "on", ">pw", "+@all");

    assertThatThrownBy(() -> connect("redis://ann:wrong@127.0.0.1:" + engine.port()))
        .isInstanceOf(RedisRefusedException.class)
        .hasMessageContaining("WRONGPASS")
        .hasMessageNotContaining("wrong@");
  }

  @Test
  void aMissingPasswordIsRefusedHoweverFast() {
    engine.command("ACL", "SETUSER", "default", "on", ">pw");

    // Again and again: Lettuce may miss the answer of an engine that is faster than itself.
    for (int i = 0; i < 200; i++) {
      assertThatThrownBy(() -> connect("redis://127.0.0.1:" + engine.port()))
          .isInstanceOf(RedisRefusedException.class)
          .hasMessageContaining("NOAUTH");
    }
  }

  @Test
  void aDatabaseThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> connect(engine.uri() + "/99"))
        .isInstanceOf(RedisRefusedException.class)
        .hasMessageContaining("DB index is out of range");
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() {
    try (RedisProcess encrypted = RedisProcess.start(it -> it.binary(engine.binary()).tls())) {
      assertThatThrownBy(() -> connect(encrypted.uri()))
          .isInstanceOf(RedisRefusedException.class)
          .hasMessageContaining("cannot connect to rediss://");
    }
  }

  @Test
  void anEngineWithTooManyClientsIsUnavailable() {
    try (Redis only = connect()) {
      assertThat(kind(only, maxClients(1))).isNull();

      assertThatThrownBy(this::connect)
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("max number of clients");
      assertThat(kind(only, maxClients(1000))).isNull();
    }
  }
}
