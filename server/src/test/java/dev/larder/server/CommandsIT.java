package dev.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary;
import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.ExpectedCommand.InScripts;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every command of an engine by every way into the node: allowed or refused as {@code commands.txt}
 * says. What the engine counts of its commands proves that of the refused ones none reached it, and
 * of the others each.
 */
@ParameterizedClass(name = "on {0}")
@MethodSource("dev.larder.testkit.Engines#each")
@SuppressWarnings("NullAway.Init")
class CommandsIT {
  private static final String READ_WRITE = "the-token-of-the-test";
  private static final String READ_ONLY = "the-read-only-token";
  private static final int AT_ONCE = 100;

  /** What engines answer to a script that may not run a command. */
  private static final Pattern DENIED =
      Pattern.compile("NOPERM|ACL failure|can't run this command|not allowed from script");

  /**
   * What it takes to ask an engine for its commands again, as the node does when one is unknown.
   */
  private static final Map<String, Long> OWN = new HashMap<>();

  /** A path of theirs, in small letters, is no command. */
  private static final Set<String> STREAMS = Set.of("monitor");

  private static final List<ExpectedCommand> TABLE = ExpectedCommand.all();

  private static RedisProcess redis;
  private static RunningNode node;
  private static Engine engine;

  /** How commands come in. */
  enum Way {
    SINGLE,
    PATH,
    PIPELINE,
    TRANSACTION
  }

  CommandsIT(EngineBinary binary) {
    assertThat(redis.binary()).isEqualTo(binary);
  }

  @BeforeParameterizedClassInvocation
  static void start(EngineBinary binary, @TempDir Path scratch) throws IOException {
    redis = RedisProcess.start(it -> it.binary(binary));
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            budget: 30s
            tokens:
              - {name: browser, token: %s, access: read-only}
            """
                .formatted(READ_ONLY));
    redis.command(
        Stream.concat(
                Stream.of("ACL", "SETUSER", "door", "on", ">password"),
                Stream.of(DoorUser.rules(binary).split(" ", -1)))
            .toArray(String[]::new));
    String uri = redis.uri().replace("://", "://door:password@");
    node = RunningNode.on(uri, scratch, "--token", READ_WRITE, "--config", config.toString());
    try (var connected = LettuceRedis.connect(RedisUri.parse(redis.uri()))) {
      engine = Engine.detect(connected);
    }
    resetStatistics();
    try (var connected = LettuceRedis.connect(RedisUri.parse(uri))) {
      assertThat(Engine.detect(connected)).isNotNull();
    }
    OWN.clear();
    OWN.putAll(statistics());
    OWN.put("ping", 100L); // by which it sees that a quiet engine is there
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    redis.close();
  }

  @Test
  void theTableHasEveryCommandOfTheEngine() {
    Set<String> expected = new TreeSet<>(TABLE.stream().map(ExpectedCommand::toString).toList());
    assertThat(expected).hasSameSizeAs(TABLE);
    assertThat(expected).containsAll(engine.commands().keySet());
    for (CommandInfo command : engine.commands().values()) {
      assertThat(expected)
          .containsAll(
              command.subcommands().keySet().stream()
                  .map(it -> command.name() + ' ' + it)
                  .toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aReadWriteTokenMaySendWhatTheTableSays(Way way) {
    assertTable(way, READ_WRITE, ExpectedCommand::readWrite);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aReadOnlyTokenMaySendWhatTheTableSays(Way way) {
    assertTable(way, READ_ONLY, ExpectedCommand::readOnly);
  }

  private void assertTable(Way way, String token, Predicate<ExpectedCommand> allowed) {
    var refused = new ArrayList<List<String>>();
    var sent = new ArrayList<List<String>>();
    for (ExpectedCommand line : TABLE) {
      List<List<String>> to = allowed.test(line) ? sent : refused;
      // What is refused on principle is so on every engine.
      if (!allowed.test(line) || isOfTheEngine(line)) {
        if (way != Way.PATH || !STREAMS.contains(line.name())) {
          to.add(line.words());
        }
        to.add(line.words().stream().map(it -> it.toUpperCase(Locale.ROOT)).toList());
      }
    }
    assertThat(refused).hasSizeGreaterThan(100);
    assertThat(sent).hasSizeGreaterThan(100);

    resetStatistics();
    List<String> errors = send(way, token, refused);
    for (int i = 0; i < refused.size(); i++) {
      assertThat(errors.get(i))
          .as("%s %s with the token %s", way, refused.get(i), token)
          .matches(
              "(?s)NOPERM .*token is read-only|ERR .*( not available |unknown (sub)?command ).*");
    }
    assertReached(Map.of());

    resetStatistics();
    errors = send(way, token, sent);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(errors.get(i))
          .as("%s %s with the token %s", way, sent.get(i), token)
          .doesNotContain("NOPERM", "not available", "unknown command");
    }
    assertReached(sent.stream().collect(groupingBy(this::counted, summing())));
  }

  /** These commands so often, and at most what the node itself asks the engine, and no other. */
  private static void assertReached(Map<String, Long> expected) {
    Map<String, Long> reached = statistics();
    reached.keySet().removeAll(Set.of("multi", "exec"));
    assertThat(reached.keySet()).containsAll(expected.keySet());
    assertThat(reached)
        .as("what the engine counted, and not only %s", expected)
        .allSatisfy(
            (name, times) -> {
              long callers = expected.getOrDefault(name, 0L);
              assertThat(times).isBetween(callers, callers + OWN.getOrDefault(name, 0L));
            });
  }

  private static java.util.stream.Collector<List<String>, ?, Long> summing() {
    return summingLong(it -> 1);
  }

  /** Redis finds names by all of their bytes, and compares them only up to a NUL. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void nothingWithANulInItsNameReachesTheEngine(Way way) {
    var names = new ArrayList<List<String>>();
    for (ExpectedCommand line : TABLE) {
      String last = line.words().get(line.words().size() - 1);
      for (String behind : new String[] {"\0", "\00077", "\0 ", "\0x\0"}) {
        for (String name : new String[] {last, last.toUpperCase(Locale.ROOT)}) {
          names.add(
              line.isSubcommand() ? List.of(line.name(), name + behind) : List.of(name + behind));
          if (line.isSubcommand()) {
            names.add(List.of(line.name() + behind, name));
          }
        }
      }
    }
    for (String token : new String[] {READ_WRITE, READ_ONLY}) {
      resetStatistics();
      List<String> errors = send(way, token, names);
      for (int i = 0; i < names.size(); i++) {
        assertThat(errors.get(i))
            .as("%s %s with the token %s", way, names.get(i), token)
            .matches(
                "(?s)(NOPERM .*token is read-only|ERR .*( not available |unknown (sub)?command"
                    + " |Unknown subcommand ).*)");
      }
      assertReached(Map.of());
    }
  }

  /**
   * As the user whom the node's own engine has for its callers, here as everywhere in this test.
   */
  @Test
  void aScriptMayDoWhatTheTableSays() {
    for (InScripts may : List.of(InScripts.NO, InScripts.YES)) {
      List<ExpectedCommand> lines =
          TABLE.stream()
              .filter(it -> it.inScripts() == may)
              .filter(CommandsIT::isOfTheEngine)
              .filter(CommandsIT::isWhole)
              .toList();
      assertThat(lines).hasSizeGreaterThan(50);
      resetStatistics();
      List<String> errors =
          send(
              Way.PIPELINE,
              READ_WRITE,
              lines.stream()
                  .map(
                      it ->
                          Stream.concat(
                                  Stream.of("EVAL", "return redis.call(unpack(ARGV))", "0"),
                                  wellFormed(it).stream())
                              .toList())
                  .toList());
      for (int i = 0; i < lines.size(); i++) {
        assertThat(DENIED.matcher(errors.get(i)).find())
            .as("%s in a script: %s", lines.get(i), errors.get(i))
            .isEqualTo(may == InScripts.NO);
      }
      if (may == InScripts.NO) {
        assertThat(
                redis.command("INFO", "commandstats").lines().filter(it -> it.contains("cmdstat")))
            .allMatch(
                it -> it.matches("cmdstat_(eval|config|config.resetstat|info):.*|.*:calls=0,.*"));
      }
    }
  }

  /** Since Redis 7, a name that needs a subcommand is none by itself. */
  private static boolean isWhole(ExpectedCommand line) {
    return line.isSubcommand() || engine.command(line.name()).orElseThrow().subcommands().isEmpty();
  }

  /** With as many words as the command needs, as engines look at their number first. */
  private static List<String> wellFormed(ExpectedCommand line) {
    CommandInfo info = engine.command(line.name()).orElseThrow();
    if (line.isSubcommand()) {
      info = info.subcommands().getOrDefault(line.words().get(1), info);
    }
    var words = new ArrayList<>(line.words());
    while (words.size() < Math.abs(info.arity())) {
      words.add("0");
    }
    return words;
  }

  private static boolean isOfTheEngine(ExpectedCommand line) {
    CommandInfo info = engine.commands().get(line.name());
    if (info == null || !line.isSubcommand()) {
      return info != null;
    }
    return info.subcommands().isEmpty()
        ? line.since().equals("6.2")
        : info.subcommands().containsKey(line.words().get(1));
  }

  /** Under which name the engine counts it; before 7.0 it counts no subcommands. */
  private String counted(List<String> words) {
    CommandInfo info = engine.commands().get(words.get(0).toLowerCase(Locale.ROOT));
    return words.size() == 1 || info == null || info.subcommands().isEmpty()
        ? words.get(0).toLowerCase(Locale.ROOT)
        : (words.get(0) + '|' + words.get(1)).toLowerCase(Locale.ROOT);
  }

  private static void resetStatistics() {
    redis.command("CONFIG", "RESETSTAT");
  }

  /** How often each command was called, or refused for what was wrong with it, by its callers. */
  private static Map<String, Long> statistics() {
    Map<String, Long> statistics =
        new TreeMap<>(
            redis
                .command("INFO", "commandstats")
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("cmdstat_"))
                .collect(
                    toMap(line -> line.substring(8, line.indexOf(":calls")), it -> times(it))));
    statistics.keySet().removeAll(Set.of("config|resetstat", "config"));
    return statistics;
  }

  private static long times(String line) {
    return Stream.of(line.split("[:,]", -1))
        .filter(it -> it.startsWith("calls=") || it.startsWith("rejected_calls="))
        .mapToLong(it -> Long.parseLong(it.substring(it.indexOf('=') + 1)))
        .sum();
  }

  /** The error of each command, empty where there is none. */
  private static List<String> send(Way way, String token, List<List<String>> commands) {
    var errors = new ArrayList<String>();
    try (RawHttp connection = node.connect()) {
      for (int from = 0; from < commands.size(); from += AT_ONCE) {
        List<List<String>> some = commands.subList(from, Math.min(commands.size(), from + AT_ONCE));
        if (way == Way.PIPELINE) {
          connection.post("/pipeline", token, JSON.writeValueAsString(some));
          for (JsonNode answer : JSON.readTree(connection.read().body())) {
            errors.add(error(answer));
          }
        } else {
          some.forEach(it -> request(connection, way, token, it));
          some.forEach(it -> errors.add(error(JSON.readTree(connection.read().body()))));
        }
      }
    }
    return errors;
  }

  private static final JsonMapper JSON = JsonMapper.shared();

  private static void request(RawHttp connection, Way way, String token, List<String> command) {
    switch (way) {
      case SINGLE -> connection.post("/", token, JSON.writeValueAsString(command));
      case TRANSACTION ->
          connection.post("/multi-exec", token, JSON.writeValueAsString(List.of(command)));
      default -> {
        var path = new StringBuilder();
        command.forEach(
            it -> path.append('/').append(URLEncoder.encode(it, UTF_8).replace("+", "%20")));
        connection.post(path.toString(), token, "");
      }
    }
  }

  private static String error(JsonNode answer) {
    JsonNode error = answer.get("error");
    return error == null ? "" : error.asString();
  }
}
