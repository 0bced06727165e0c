package dev.larder.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.EmbeddedRedisException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one test did to its engine, the next one does not see. */
@OnEachEngine
@SuppressWarnings("NullAway.Init")
class RealRedisResetTest {
  private ExtensionContext context;
  private RealRedis redis;

  @RegisterExtension final BeforeEachCallback noteContext = it -> context = it;

  @BeforeEach
  void noteEngine(RealRedis engine) {
    redis = engine;
  }

  private String ask(String... command) {
    return redis.process().command(command);
  }

  private String users() {
    // Which goes without saying, and is said of a user that has been changed.
    return ask("ACL", "LIST").replace(" sanitize-payload", "");
  }

  private void nextTestBegins() {
    redis.beforeEach(context);
  }

  @Test
  void usersAreAsConfigured() {
    String users = users();
    ask("ACL", "SETUSER", "ann", "on", ">pw", "~*", "+@all");
    ask("ACL", "SETUSER", "default", "-keys");
    nextTestBegins();
    assertThat(users()).isEqualTo(users);
  }

  @ParameterizedTest(name = "ACL SETUSER default {0}")
  @ValueSource(strings = {"off", "resetpass", "-@all", "-acl"})
  void theDefaultUserMayDoEverythingAgain(String rule) {
    String users = users();
    ask("ACL", "SETUSER", "default", rule);
    nextTestBegins();
    assertThat(users()).isEqualTo(users);
  }

  @Test
  void thePasswordIsAsConfigured() {
    ask("CONFIG", "SET", "requirepass", "another");
    nextTestBegins();
    assertThat(ask("PING")).isEqualTo("PONG");
  }

  @Test
  void configurationIsAsAtTheStart() {
    String configuration = ask("CONFIG", "GET", "*");
    ask("CONFIG", "SET", "maxmemory", "10mb");
    ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    ask("CONFIG", "SET", "save", "900 1");
    ask("CONFIG", "SET", "appendonly", "yes");
    ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 1mb 1");
    ask("CONFIG", "SET", "notify-keyspace-events", "KEA");
    ask("CONFIG", "SET", "min-replicas-to-write", "1");
    ask("CONFIG", "SET", "hash-max-ziplist-entries", "3");
    nextTestBegins();
    assertThat(ask("CONFIG", "GET", "*")).isEqualTo(configuration);
  }

  @Test
  void noFunctionIsLeft() {
    String[] load = {
      "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() end)"
    };
    if (redis.process().binary().version().major() < 7) {
      assertThatExceptionOfType(EmbeddedRedisException.class)
          .isThrownBy(() -> ask(load))
          .withMessageContaining("unknown command");
      return;
    }
    ask(load);
    nextTestBegins();
    assertThat(ask("FUNCTION", "LIST")).isEmpty();
  }

  @Test
  void noDataIsLeftInAnyDatabase() {
    ask("SET", "a", "1");
    ask("MOVE", "a", "9");
    nextTestBegins();
    assertThat(ask("INFO", "keyspace")).doesNotContain("db9");
  }

  @Test
  void noScriptIsLeft() {
    String sha = ask("SCRIPT", "LOAD", "return 1");
    nextTestBegins();
    assertThat(ask("SCRIPT", "EXISTS", sha)).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALL", "WRITE"})
  void nobodyIsPaused(String which) {
    ask("CLIENT", "PAUSE", "60000", which);
    nextTestBegins();
    assertThat(ask("SET", "a", "1")).isEqualTo("OK");
  }

  @Test
  void itIsAPrimary() {
    ask("REPLICAOF", "127.0.0.1", "1");
    nextTestBegins();
    assertThat(ask("ROLE")).startsWith("master");
  }

  @Test
  void noScriptKeepsItBusy() {
    ask("CONFIG", "SET", "lua-time-limit", "1");
    var script = inBackground("EVAL", "redis.call('SET', 'a', '1') while true do end", "0");
    await()
        .atMost(60, SECONDS)
        .until(
            () -> {
              try {
                return ask("PING").isEmpty();
              } catch (EmbeddedRedisException e) {
                return String.valueOf(e.getMessage()).contains("BUSY");
              }
            });
    nextTestBegins();
    assertThat(ask("DBSIZE")).isEqualTo("0");
    assertThat(script).failsWithin(60, SECONDS);
  }

  @Test
  void nobodyWaitsForAnElement() {
    var waiting = inBackground("BLPOP", "list", "0");
    await().atMost(60, SECONDS).until(() -> ask("INFO", "clients").contains("blocked_clients:1"));
    nextTestBegins();
    assertThat(waiting).succeedsWithin(60, SECONDS).isEqualTo("(nil)");
    ask("RPUSH", "list", "mine");
    assertThat(ask("LLEN", "list")).isEqualTo("1");
  }

  @Test
  void nothingIsCountedYet() {
    ask("CONFIG", "SET", "slowlog-log-slower-than", "0");
    ask("GET", "a");
    nextTestBegins();
    assertThat(ask("SLOWLOG", "LEN")).isEqualTo("0");
    assertThat(ask("INFO", "commandstats")).doesNotContain("cmdstat_get:");
  }

  private CompletableFuture<String> inBackground(String... command) {
    return CompletableFuture.supplyAsync(() -> ask(command), task -> new Thread(task).start());
  }
}
