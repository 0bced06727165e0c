package dev.larder.server.rest.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.redis.Reply;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.command.CommandKeys;
import dev.larder.server.rest.command.CommandRule;
import dev.larder.server.rest.command.CommandRule.Kind;
import dev.larder.server.rest.request.Words;
import dev.larder.testkit.RedisProcess;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided about commands, cursors and replies on a Cluster before anything is sent. */
class ClusterRoutingTest {
  private static CommandKeys keys;
  private static Router router;

  @BeforeAll
  static void learnTheCommands() {
    try (var process = RedisProcess.start();
        var redis = LettuceRedis.connect(RedisUri.parse(process.uri()))) {
      Engine engine = Engine.detect(redis);
      keys = new CommandKeys(engine);
      router = new Router(keys);
    }
  }

  private record Line(List<String> words) implements Words {
    static Line of(String line) {
      return new Line(List.of(line.split(" ", -1)));
    }

    @Override
    public int count() {
      return words.size();
    }

    @Override
    public byte[] word(int index) {
      return words.get(index).getBytes(UTF_8);
    }
  }

  @ParameterizedTest(name = "{0} lies in slot {1}")
  @CsvSource({
    "123456789, 12739",
    "foo, 12182",
    "bar, 5061",
    "'', 0",
    "{user1000}.following, 3443",
    "{user1000}.followers, 3443",
    "user1000, 3443",
    "foo{}{bar}, 8363",
    "foo{{bar}}zap, 4015",
    "{bar, 4015",
    "foo{bar}{zap}, 5061",
    "ключ, 10303"
  })
  void aKeyLiesInTheSlotThatTheEngineSays(String key, int slot) {
    assertThat(route("GET " + key)).isEqualTo(new Route.ToSlot(slot));
  }

  @ParameterizedTest(name = "{0}: keys at {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "GET a | 1",
        "get a | 1",
        "MSET a 1 b 2 | 1 3",
        "DEL a b c | 1 2 3",
        "PING | ''",
        "GET | ''",
        "EVAL return 2 a b c | 3 4",
        "EVALSHA_RO x 0 c | ''",
        "EVAL return 5 a | ''",
        "EVAL return x a | ''",
        "FCALL f 1 a | 3",
        "ZUNION 2 a b WEIGHTS 1 2 | 2 3",
        "ZINTERSTORE d 2 a b | 1 3 4",
        "SINTERCARD 2 a b LIMIT 1 | 2 3",
        "LMPOP 2 a b LEFT | 2 3",
        "XREAD COUNT 2 STREAMS a b 0 0 | 4 5",
        "XREADGROUP GROUP STREAMS c COUNT 1 STREAMS a > | 7",
        "SORT a BY STORE GET STORE LIMIT 0 1 STORE d | 1 10",
        "SORT a | 1",
        "GEORADIUS a 1 2 3 km STORE d | 1 7",
        "GEORADIUSBYMEMBER a m 3 km COUNT 1 STOREDIST d | 1 8",
        "BITOP AND d a b | 2 3 4",
        "OBJECT ENCODING a | 2",
        "MEMORY USAGE a | 2",
        "MEMORY DOCTOR | ''",
        "XINFO STREAM a | 2",
        "XGROUP CREATE a g $ | 2",
        "RENAME a b | 1 2",
        "COPY a b | 1 2",
        "SUNIONSTORE d a b | 1 2 3",
        "PUBLISH c m | ''",
        "NOSUCH a | ''"
      })
  void keysAreFoundWhereverTheyStand(String line, String expected) {
    Line words = Line.of(line);
    int[] found = keys.of(words.text(0).toUpperCase(java.util.Locale.ROOT), words);
    assertThat(IntStream.of(found).mapToObj(String::valueOf).collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  private static Route route(String line) {
    Line words = Line.of(line);
    String name = words.text(0).toUpperCase(java.util.Locale.ROOT);
    return router.route(new CommandRule(name, "any", Kind.PLAIN, null, true, false), words);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "GET foo | ToSlot",
        "MGET {a}1 {a}2 | ToSlot",
        "MGET a b | Split",
        "MSET a 1 b 2 | Split",
        "MSET a 1 b | Refused",
        "DEL a b | Split",
        "MSETNX a 1 b 2 | Refused",
        "RENAME a b | Refused",
        "SINTERSTORE {x}d {x}a {x}b | ToSlot",
        "PING | Anywhere",
        "GET | Anywhere",
        "EVAL return 0 | Anywhere",
        "EVAL return 2 a b | Refused",
        "DBSIZE | Everywhere",
        "keys * | Everywhere",
        "SCRIPT LOAD x | Everywhere",
        "FUNCTION LIST | Anywhere",
        "FUNCTION FLUSH | Everywhere",
        "SCAN 0 | Scan",
        "SCAN | Anywhere"
      })
  void eachCommandGoesWhereItsMeaningLeads(String line, String way) {
    assertThat(route(line).getClass().getSimpleName()).isEqualTo(way);
  }

  @Test
  void aSplitMsetKeepsEachKeyWithItsValueAndTheOrderOfDuplicates() {
    var split = (Route.Split) route("MSET a 1 b 2 a 3");
    assertThat(split.pieces())
        .extracting(
            piece -> Arrays.stream(piece.words()).map(word -> new String(word, UTF_8)).toList())
        .containsExactly(List.of("MSET", "a", "1", "a", "3"), List.of("MSET", "b", "2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EVALSHA x 2 @upstash/ratelimit:me:171 @upstash/ratelimit:me:170",
        "EVALSHA x 2 @upstash/ratelimit:me @upstash/ratelimit:dynamic:global",
        "EVAL x 2 @upstash/ratelimit:denyList:all @upstash/ratelimit:ipDenyListStatus"
      })
  void aRatelimitOverSeveralSlotsIsToldWhichPrefixWorks(String line) {
    assertThat(((Route.Refused) route(line)).why())
        .startsWith("CROSSSLOT EVAL")
        .contains("new Ratelimit({ prefix: \"{ratelimit}\"");
    assertThat(route(line.replace("@upstash/ratelimit", "{ratelimit}")))
        .isInstanceOf(Route.ToSlot.class);
  }

  @Test
  void otherKeysInSeveralSlotsAreToldOfHashTags() {
    assertThat(((Route.Refused) route("RENAME user:1 user:2")).why())
        .startsWith("CROSSSLOT RENAME needs all its keys in one slot")
        .endsWith("such as '{tag}:user:1' and '{tag}:user:2'");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "SET a 1; GET a | ToSlot",
        "SET a 1; PING | ToSlot",
        "PING; TIME | Anywhere",
        "SET a 1; GET b | Refused",
        "MGET a b | Refused",
        "SET a 1; DBSIZE | Refused",
        "SCAN 0 | Refused"
      })
  void aTransactionGoesToOneSlotOrNowhere(String lines, String way) {
    List<Line> commands = Arrays.stream(lines.split("; ", -1)).map(Line::of).toList();
    assertThat(router.together(commands).getClass().getSimpleName()).isEqualTo(way);
  }

  @Test
  void aScanGoesThroughAllNodesAndThenEnds() {
    var at = ScanCursor.parse("0", 77, 2);
    assertThat(at.node()).isZero();
    String inTheFirst = at.answered("18446744073709551615").text(2);
    at = ScanCursor.parse(inTheFirst, 77, 2);
    assertThat(at.node()).isZero();
    assertThat(at.cursor()).hasToString("18446744073709551615");
    String second = at.answered("0").text(2);
    assertThat(second).isNotEqualTo("0");
    at = ScanCursor.parse(second, 77, 2);
    assertThat(at.node()).isEqualTo(1);
    assertThat(at.cursor()).hasToString("0");
    assertThat(at.answered("0").text(2)).isEqualTo("0");
  }

  @Test
  void aScanOfAnotherTableIsToldToBeginAgain() {
    String cursor = ScanCursor.parse("0", 77, 3).answered("5").text(3);
    assertThatThrownBy(() -> ScanCursor.parse(cursor, 78, 3))
        .isInstanceOf(HttpFault.class)
        .hasMessageContaining("begin again with cursor 0");
    assertThatThrownBy(() -> ScanCursor.parse("five", 77, 3)).hasMessage("ERR invalid cursor");
  }

  @Test
  void partsComeTogetherAsOneEngineWouldAnswer() {
    assertThat(Merge.sum(List.of(number(2), number(3)))).isEqualTo(number(5));
    assertThat(
            Merge.inPlaces(List.of(new int[] {0, 2}, new int[] {1}))
                .of(List.of(list(bulk("a"), bulk("c")), list(new Reply.Nil()))))
        .isEqualTo(list(bulk("a"), new Reply.Nil(), bulk("c")));
    assertThat(Merge.least(List.of(list(number(1), number(1)), list(number(1), number(0)))))
        .isEqualTo(list(number(1), number(0)));
    assertThat(Merge.counts(List.of(list(bulk("a"), number(1)), list(bulk("a"), number(2)))))
        .isEqualTo(list(bulk("a"), number(3)));
    assertThat(Merge.distinct(List.of(list(bulk("a")), list(bulk("a"), bulk("b")))))
        .isEqualTo(list(bulk("a"), bulk("b")));
    assertThat(Merge.any(List.of(new Reply.Nil(), bulk("a")))).isEqualTo(bulk("a"));
    assertThat(Merge.partial("MSET", 3, List.of(new Reply.Failure("OOM no room"))).message())
        .isEqualTo(
            "OOM MSET was split among the Cluster's slots or nodes, and 1 of its 3 parts failed,"
                + " the others were executed: OOM no room");
  }

  private static Reply number(long value) {
    return new Reply.Int(value);
  }

  private static Reply bulk(String text) {
    return new Reply.Bulk(text.getBytes(UTF_8));
  }

  private static Reply list(Reply... elements) {
    return new Reply.Array(List.of(elements));
  }
}
