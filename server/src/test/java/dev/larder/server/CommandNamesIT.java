package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Redis finds a command by a hash of all bytes of its name and then compares only up to a NUL, so
 * that a refused command's name with a NUL and the right number behind it is that command: on Redis
 * 7.0.15, {@code SELECT\0} with 77 was. Among so many numbers there are some for every command,
 * whatever the engine's seed.
 */
class CommandNamesIT {
  private static final String TOKEN = "the-token-of-the-test";
  private static final int AT_ONCE = 10_000;

  /** Arguments with which a command would do harm. */
  private static final Map<String, String> HARMFUL =
      Map.of(
          "select", "\"9\"",
          "client", "\"SETNAME\",\"taken\"",
          "hello", "\"3\"",
          "auth", "\"default\",\"x\"",
          "subscribe", "\"channel\"",
          "psubscribe", "\"*\"",
          "ssubscribe", "\"channel\"",
          "watch", "\"key\"",
          "swapdb", "\"0\",\"9\"",
          "move", "\"key\",\"9\"");

  private @Nullable RedisProcess redis;
  private @Nullable RunningNode node;

  /** How many numbers are tried for each command. */
  int numbers() {
    return 2_000;
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
    if (redis != null) {
      redis.close();
    }
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void noNumberBehindANulReachesARefusedCommand(EngineBinary binary, @TempDir Path scratch) {
    RedisProcess engine = RedisProcess.start(it -> it.binary(binary));
    redis = engine;
    RunningNode door = RunningNode.on(engine.uri(), scratch, "--token", TOKEN);
    node = door;
    engine.command("SET", "key", "value");
    engine.command("CONFIG", "RESETSTAT");
    List<String> before = connections(engine);
    assertThat(before).isNotEmpty().allMatch(it -> it.contains(" db=0 sub=0 psub=0 "));

    try (RawHttp http = door.connect()) {
      for (ExpectedCommand refused : refused()) {
        for (int from = 0; from < numbers(); from += AT_ONCE) {
          String body = http.post("/pipeline", TOKEN, pipeline(refused, from)).read().body();
          assertThat(body.startsWith("[{\"error\":\"ERR "))
              .as("%s: %s", refused, body.substring(0, Math.min(200, body.length())))
              .isTrue();
          assertThat(body.indexOf("{\"result\":")).as("%s was run", refused).isNegative();
        }
      }
    }

    // The node itself asks for the engine's commands when one is unknown, on another connection,
    // and whether a quiet engine is there.
    await("the connections that callers share are as before")
        .until(() -> connections(engine).equals(before));
    assertThat(lines(engine, "errorstats"))
        .as("errors, of which connecting makes some, and %s names would make as many", numbers())
        .allMatch(it -> Integer.parseInt(it.replaceFirst(".*count=", "")) < 100);
    assertThat(lines(engine, "commandstats"))
        .allMatch(it -> it.matches("cmdstat_(config.*|client.*|info|command|ping):.*"));
    assertThat(door.get("/get/key").body()).isEqualTo("{\"result\":\"value\"}");
  }

  private static List<String> lines(RedisProcess engine, String section) {
    return engine.command("INFO", section).lines().filter(it -> it.contains("stat_")).toList();
  }

  /** Refused whatever its arguments, and not only because the command before it is. */
  private static List<ExpectedCommand> refused() {
    List<ExpectedCommand> table = ExpectedCommand.all();
    List<String> whole =
        table.stream()
            .filter(it -> !it.isSubcommand() && !it.readWrite())
            .map(ExpectedCommand::name)
            .toList();
    return table.stream()
        .filter(it -> !it.readWrite())
        .filter(it -> !it.isSubcommand() || !whole.contains(it.name()))
        .toList();
  }

  private String pipeline(ExpectedCommand refused, int from) {
    var json = new StringBuilder("[");
    String words = String.join("\",\"", refused.words());
    String arguments = HARMFUL.getOrDefault(refused.name(), "\"1\"");
    for (int number = from; number < Math.min(from + AT_ONCE, numbers()); number++) {
      json.append(number == from ? "[\"" : ",[\"").append(words).append("\\u0000").append(number);
      json.append("\",").append(arguments).append(']');
    }
    return json.append(']').toString();
  }

  /** All but our own, and of each what a command could change. */
  private static List<String> connections(RedisProcess engine) {
    try (var own = engine.connect(it -> {})) {
      String id = "id=" + own.text("CLIENT", "ID") + ' ';
      return own.text("CLIENT", "LIST")
          .lines()
          .filter(line -> !line.startsWith(id))
          .map(CommandNamesIT::state)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String state(String line) {
    return String.join(
        " ",
        Stream.of(line.split(" ", -1))
            .filter(it -> it.matches("(id|name|flags|db|sub|psub|ssub|multi|user|redir|resp)=.*"))
            .toList());
  }
}
