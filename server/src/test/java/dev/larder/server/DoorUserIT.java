package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.embedded.EmbeddedRedis;
import dev.larder.embedded.EngineBinary;
import dev.larder.embedded.net.RespClient;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.RunningNode.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The user as whom the door speaks to the node's own engine. */
class DoorUserIT {
  /** What the door refuses as commands; the engine has to in scripts. */
  private static final List<String> REFUSED =
      List.of(
          "SWAPDB 0 1",
          "SLOWLOG GET",
          "SLOWLOG RESET",
          "MIGRATE 127.0.0.1 1 k 0 100",
          "CONFIG GET *",
          "CONFIG SET maxmemory 1",
          "CONFIG REWRITE",
          "SELECT 1",
          "MOVE k 1",
          "DEBUG SLEEP 0",
          "DEBUG OBJECT k",
          "SHUTDOWN NOSAVE",
          "ACL LIST",
          "ACL SETUSER x on nopass +@all",
          "CLIENT LIST",
          "CLIENT KILL ID 1",
          "CLIENT PAUSE 1",
          "CLIENT SETNAME x",
          "REPLICAOF no one",
          "SLAVEOF no one",
          "FAILOVER",
          "SAVE",
          "BGSAVE",
          "BGREWRITEAOF",
          "LASTSAVE",
          "MODULE LIST",
          "MONITOR",
          "LATENCY RESET",
          "ROLE",
          "RESTORE-ASKING x 0 y",
          "PFDEBUG GETREG k",
          "PFSELFTEST",
          "SYNC",
          "PSYNC ? -1",
          "REPLCONF x y",
          "AUTH default x",
          "HELLO 3",
          "RESET",
          "SUBSCRIBE x",
          "SCRIPT FLUSH",
          "SCRIPT KILL",
          "WATCH k",
          "WAIT 0 0");

  private static final Pattern REFUSAL =
      Pattern.compile("can't run this command|not allowed from|NOPERM");
  private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

  @TempDir Path scratch;

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void aScriptCannotDoWhatTheDoorRefuses(EngineBinary binary) throws IOException {
    try (var engine = start(binary);
        var own = connect(DoorUser.access(engine).own());
        RunningNode node = RunningNode.on(engine.uri("larder-door"), scratch)) {
      node.command("SET", "k", "v");
      String users = own.text("ACL", "LIST");
      Map<String, Long> before = calls(own);
      var softly = new SoftAssertions();
      for (String command : REFUSED) {
        for (String way : List.of("EVAL", "FUNCTION")) {
          if (way.equals("EVAL") || binary.version().isAtLeast(7, 0)) {
            Answer answer = way.equals("EVAL") ? eval(node, command) : call(node, command);
            softly.assertThat(answer.status()).as("%s %s", way, command).isEqualTo(400);
            softly.assertThat(answer.body()).as("%s %s", way, command).containsPattern(REFUSAL);
          }
        }
      }
      Map<String, Long> after = calls(own);
      REFUSED.stream()
          .map(command -> command.replaceFirst(" .*", "").toLowerCase(Locale.ROOT))
          .distinct()
          .filter(name -> !name.equals("acl"))
          .forEach(
              name ->
                  softly
                      .assertThat(after.getOrDefault(name, 0L))
                      .as("calls of %s", name)
                      .isEqualTo(before.getOrDefault(name, 0L)));
      softly.assertThat(own.text("ACL", "LIST")).isEqualTo(users);
      softly.assertThat(own.text("CONFIG", "GET", "lua-time-limit")).endsWith("\n1000");
      softly.assertThat(node.command("GET", "k").body()).isEqualTo("{\"result\":\"v\"}");
      softly.assertAll();
    }
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void whatTheDoorOffersWorks(EngineBinary binary) throws IOException {
    try (var engine = start(binary);
        RunningNode node = RunningNode.on(engine.uri("larder-door"), scratch)) {
      var softly = new SoftAssertions();
      for (String command :
          List.of(
              "SET k 1",
              "KEYS *",
              "SORT k2",
              "INFO server",
              "DBSIZE",
              "DUMP k",
              "OBJECT ENCODING k",
              "MEMORY USAGE k",
              "COMMAND COUNT",
              "PUBSUB CHANNELS",
              "PUBLISH c m",
              "SCRIPT FLUSH",
              "SCRIPT EXISTS x",
              "XADD s * f v",
              "XINFO STREAM s",
              "XGROUP CREATE s g 0",
              "GEOADD g 1 1 a",
              "PFADD p a",
              "RANDOMKEY",
              "SCAN 0",
              "TIME",
              "FLUSHDB",
              "FLUSHALL",
              "SORT_RO k2",
              "FUNCTION LIST",
              "FUNCTION STATS",
              "FUNCTION DUMP",
              "FUNCTION FLUSH")) {
        boolean newer = command.matches("(SORT_RO|FUNCTION) .*");
        if (!newer || binary.version().isAtLeast(7, 0)) {
          Answer answer = node.command(command.split(" ", -1));
          softly.assertThat(answer.status()).as("%s: %s", command, answer.body()).isEqualTo(200);
        }
      }
      String restore =
          "local d = redis.call('DUMP', KEYS[1]) redis.call('RESTORE', KEYS[2], 0, d)"
              + " return redis.call('GET', KEYS[2])";
      node.command("SET", "k", "dumped");
      softly
          .assertThat(node.command("EVAL", restore, "2", "k", "restored").body())
          .isEqualTo("{\"result\":\"dumped\"}");
      softly.assertAll();
    }
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void aValueThatWasTamperedWithIsNotRestored(EngineBinary binary) {
    try (var engine = start(binary);
        RunningNode node = RunningNode.on(engine.uri("larder-door"), scratch)) {
      // A hash of two strings, whose first one claims 63 bytes that are not there.
      var payload =
          new ArrayList<>(
              binary.version().isAtLeast(7, 0)
                  ? List.of(16, 9, 9, 0, 0, 0, 2, 0, 0xbf, 0, 0xff)
                  : List.of(13, 13, 13, 0, 0, 0, 10, 0, 0, 0, 2, 0, 0, 0x3f, 0xff));
      payload.addAll(List.of(9, 0));
      long crc = crc64(payload);
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        payload.add((int) (crc >>> shift) & 0xff);
      }
      String bytes = payload.stream().map(String::valueOf).collect(Collectors.joining(","));
      String script = "return redis.call('RESTORE', KEYS[1], 0, string.char(" + bytes + "))";
      Answer answer = node.command("EVAL", script, "1", "k");
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("Bad data format");
      assertThat(node.command("PING").body()).isEqualTo("{\"result\":\"PONG\"}");
    }
  }

  /** As at the end of what DUMP answers: the variant of Jones, least bit first. */
  private static long crc64(List<Integer> bytes) {
    long crc = 0;
    for (int each : bytes) {
      crc ^= each;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x95ac9329ac4bc9b5L;
      }
    }
    return crc;
  }

  /** The rest of what he may do is what every user may: the door and he may differ in it. */
  @Test
  void ofWhatIsDangerousHeMayDoWhatTheDoorOffersAndNothingElse() throws IOException {
    EngineBinary binary = EngineBinary.newest();
    assumeTrue(binary.version().isAtLeast(7, 0), "ACL DRYRUN is there from 7.0 on");
    try (var engine = start(binary);
        var own = connect(DoorUser.access(engine).own());
        RunningNode node = RunningNode.on(engine.uri("larder-door"), scratch)) {
      var names = new TreeSet<>(List.of("select", "move"));
      names.addAll(own.list("ACL", "CAT", "dangerous"));
      names.addAll(own.list("ACL", "CAT", "admin"));
      var offered = new TreeSet<String>();
      var allowed = new TreeSet<String>();
      for (String name : names) {
        String[] command = padded(own, name);
        String answer = node.command(command).body();
        if (!answer.contains("not available")) {
          offered.add(name);
        }
        var dryRun = new ArrayList<>(List.of("ACL", "DRYRUN", "larder-door"));
        dryRun.addAll(List.of(command));
        if (own.text(dryRun.toArray(String[]::new)).equals("OK")) {
          allowed.add(name);
        }
      }
      assertThat(allowed)
          .isEqualTo(offered)
          .contains("keys", "flushall", "flushdb", "sort", "sort_ro", "info", "restore");
    }
  }

  /** A command, or a subcommand as {@code config|get}, with as many arguments as it needs. */
  private static String[] padded(RespClient engine, String name) throws IOException {
    var words = new ArrayList<>(List.of(name.split("\\|", -1)));
    int arity = Math.abs(Integer.parseInt(engine.list("COMMAND", "INFO", name).get(1)));
    while (words.size() < arity) {
      words.add("x");
    }
    return words.toArray(String[]::new);
  }

  @Test
  @Timeout(60)
  void aNodeUsesHimOnItsOwnEngineAndShowsWhatItRunsAsAnother() throws Exception {
    try (RunningNode node =
        RunningNode.start(scratch, "serve", "--port", "0", "--data", scratch.resolve("d") + "")) {
      assertThat(eval(node, "SLOWLOG GET").body()).containsPattern(REFUSAL);
      assertThat(eval(node, "SELECT 1").body()).containsPattern(REFUSAL);
      Iterator<String> events = monitor(node);
      assertThat(events.next()).isEqualTo("data: \"OK\"");
      node.command("SET", "shown", "v");
      assertThat(next(events, "\"shown\"")).contains("\"SET\"");
    }
  }

  private static Iterator<String> monitor(RunningNode node) throws Exception {
    var request =
        HttpRequest.newBuilder(node.url().resolve("/monitor"))
            .header("Authorization", "Bearer " + node.token())
            .header("Accept", "text/event-stream")
            .build();
    var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body().filter(line -> line.startsWith("data: ")).iterator();
  }

  private static String next(Iterator<String> events, String part) {
    String event = events.next();
    while (!event.contains(part)) {
      event = events.next();
    }
    return event;
  }

  private static EmbeddedRedis start(EngineBinary binary) {
    return EmbeddedRedis.start(
        it -> {
          it.binary(binary);
          DoorUser.prepare(it);
        });
  }

  private static RespClient connect(RedisUri uri) throws IOException {
    return RespClient.connect(
        uri.nodes().get(0).port(), it -> it.password(uri.password().orElseThrow()));
  }

  /** How often each command ran; those with subcommands under the first word. */
  private static Map<String, Long> calls(RespClient engine) throws IOException {
    var calls = new TreeMap<String, Long>();
    var lines = CALLS.matcher(engine.text("INFO", "commandstats"));
    while (lines.find()) {
      calls.merge(
          lines.group(1).replaceFirst("\\|.*", ""), Long.valueOf(lines.group(2)), Long::sum);
    }
    return calls;
  }

  private static String lua(String command) {
    return Arrays.stream(command.split(" ", -1))
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(",", "redis.call(", ")"));
  }

  private static Answer eval(RunningNode node, String command) {
    return node.command("EVAL", "return " + lua(command), "0");
  }

  private static Answer call(RunningNode node, String command) {
    String library =
        "#!lua name=l\\nredis.register_function('f', function() return " + lua(command) + " end)";
    Answer loaded = node.command("FUNCTION", "LOAD", "REPLACE", library);
    assertThat(loaded.status()).as(loaded.body()).isEqualTo(200);
    return node.command("FCALL", "f", "0");
  }
}
