package dev.larder.server.rest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.larder.redis.engine.Engine;
import dev.larder.testkit.OnEachEngine;
import dev.larder.testkit.RealRedis;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Upstash and Redis 8 do otherwise, by what their documentation says: replies in RESP2. */
@OnEachEngine
class DialectTest {
  private static final String PENDING =
      "XADD s 1-0 f v; XADD s 2-0 f v; XGROUP CREATE s g 0; XGROUP CREATE s h 0;"
          + " XREADGROUP GROUP g c STREAMS s >; XREADGROUP GROUP h c STREAMS s >; ";

  private final RealRedis redis;
  private RespEngine engine;

  DialectTest(RealRedis redis) {
    this.redis = redis;
  }

  @BeforeEach
  void connect() {
    engine = new RespEngine(redis.uri());
  }

  @AfterEach
  void disconnect() {
    engine.close();
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\0',
      value = {
        "HGETDEL h FIELDS 1 a > [nil]",
        "HSET h a 1 b 2; hgetdel h fields 2 a c > [\"1\", nil]",
        "HSET h a 1 b 2; HGETDEL h FIELDS 1 a; HGETALL h > [\"b\", \"2\"]",
        "HSET h a 1; HGETDEL h FIELDS 2 a a > [\"1\", nil]",
        "HSET h a 1; HGETDEL h FIELDS 1 a; EXISTS h > 0",
        "SET h x; HGETDEL h FIELDS 1 a > -WRONGTYPE Operation against a key holding the wrong kind of value",
        "HGETDEL h FIELD 1 a > -ERR Mandatory argument FIELDS is missing or not at the right position",
        "HGETDEL h FIELDS 0 a > -ERR Number of fields must be a positive integer",
        "HGETDEL h FIELDS x a > -ERR Number of fields must be a positive integer",
        "HGETDEL h FIELDS 2 a > -ERR The `numfields` parameter must match the number of arguments",
        "HGETDEL h FIELDS 1 > -ERR wrong number of arguments for 'hgetdel' command"
      })
  void takesFieldsOutOfAHash(String commands, String reply) {
    assumeFalse(engine.engine().has("hgetdel"));
    assertThat(last(commands)).isEqualTo(reply);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "BITOP DIFF d a b c, 1, \u0080",
    "bitop diff1 d a b c, 1, %",
    "BITOP ANDOR d a b c, 1, X",
    "BITOP one d a b c, 1, \u00a1",
    "BITOP ONE d a, 1, \u00d8",
    "BITOP ONE d a b, 1, \u0084",
    "BITOP ONE d none a b none, 1, \u0084",
    "BITOP DIFF d a none, 1, \u00d8",
    "BITOP DIFF1 d none a, 1, \u00d8",
    "BITOP DIFF d long a, 3, '!aa'",
    "BITOP DIFF1 d a long, 3, '!aa'",
    "BITOP ANDOR d a long, 3, '@\0\0'",
    "BITOP DIFF a a b c, 1, \u0080",
    "BITOP DIFF b a b c, 1, \u0080",
    "BITOP ONE c a b c, 1, \u00a1"
  })
  void combinesBitsAsRedis8Does(String command, String length, String result) {
    // a = 11011000, b = 01011100, c = 00100101
    run("SET a \u00d8; SET b \\; SET c %; SET long aaa; SETEX d 100 x");
    assertThat(engine.run(command)).isEqualTo(length);
    String destination = command.split(" ", -1)[2];
    assertThat(engine.run("GET " + destination)).isEqualTo('"' + result + '"');
    assertThat(engine.run("TTL " + destination)).isEqualTo("-1");
    assertThat(engine.run("DBSIZE")).as("no key is left over").isEqualTo("5");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\0',
      value = {
        "SET d x; BITOP DIFF d none nothing > 0",
        "SET d x; BITOP DIFF d none nothing; EXISTS d > 0",
        "BITOP DIFF d a > -ERR BITOP DIFF must be called with at least two source keys.",
        "BITOP andor d a > -ERR BITOP ANDOR must be called with at least two source keys.",
        "BITOP NEITHER d a > -ERR syntax error",
        "BITOP ONE d > -ERR wrong number of arguments for 'bitop' command",
        "RPUSH l x; BITOP ONE d a l > -WRONGTYPE Operation against a key holding the wrong kind of value",
        "RPUSH d x; SET a x; BITOP ONE d a; TYPE d > string",
        "SET a x; SET b y; BITOP AND d a b > 1"
      })
  void combinesNoBitsOrWrongOnes(String commands, String reply) {
    assertThat(last(commands)).isEqualTo(reply);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "XDELEX none IDS 2 1-0 2 | [-1, -1]",
        "XADD s 1-0 f v; XADD s 2-0 f v; xdelex s ids 3 1-0 1-0 2 | [1, -1, 1]",
        "XADD s 1-0 f v; XDELEX s ACKED IDS 1 1-0 | [1]",
        "XADD s 1-0 f v; XGROUP CREATE s g 0; XDELEX s ACKED IDS 1 1-0 | [2]",
        "XADD s 1-0 f v; XGROUP CREATE s g 0; XDELEX s ACKED IDS 1 1-0; XLEN s | 1",
        "P XDELEX s IDS 1 1-0; XPENDING s g | [2, \"1-0\", \"2-0\", [[\"c\", \"2\"]]]",
        "P XDELEX s KEEPREF IDS 1 1-0 | [1]",
        "P XDELEX s IDS 2 1-0 2-0 DELREF | [1, 1]",
        "P XDELEX s DELREF IDS 1 1-0; XPENDING s h | [1, \"2-0\", \"2-0\", [[\"c\", \"1\"]]]",
        "P XACK s g 1-0; XDELEX s ACKED IDS 2 1-0 2-0 | [2, 2]",
        "P XACK s g 1-0; XACK s h 1-0; XDELEX s ACKED IDS 2 1-0 2-0 | [1, 2]",
        "XADD s 18446744073709551615-18446744073709551615 f v; XDELEX s IDS 1 18446744073709551615-18446744073709551615 | [1]",
        "XADD s 9007199254740993-1 f v; XGROUP CREATE s g 9007199254740992-9; XDELEX s ACKED IDS 1 9007199254740993-1 | [2]",
        "XADD s 9007199254740993-1 f v; XGROUP CREATE s g 9007199254740993-1; XDELEX s ACKED IDS 1 9007199254740993-1 | [1]",
        "XADD s 9-9 f v; XGROUP CREATE s g 10-0; XDELEX s ACKED IDS 1 9-9 | [1]",
        "XACKDEL none g IDS 2 1-1 2-2 | [-1, -1]",
        "XADD s 1-0 f v; XACKDEL s g IDS 1 1-0 | [-1]",
        "XADD s 1-0 f v; XGROUP CREATE s g 0; XACKDEL s g IDS 1 1-0 | [-1]",
        "P XACKDEL s g IDS 3 1-0 2-0 3-0 | [1, 1, -1]",
        "P XACKDEL s g KEEPREF IDS 2 1-0 2-0; XPENDING s h | [2, \"1-0\", \"2-0\", [[\"c\", \"2\"]]]",
        "P XACKDEL s g KEEPREF IDS 2 1-0 2-0; XACKDEL s h KEEPREF IDS 2 1-0 2-0 | [1, 1]",
        "P XACKDEL s g DELREF IDS 2 1-0 2-0; XPENDING s h | [0, nil, nil, nil]",
        "P XACKDEL s g DELREF IDS 2 1-0 2-0; XACKDEL s h DELREF IDS 2 1-0 2-0 | [-1, -1]",
        "P XACKDEL s g ACKED IDS 2 1-0 2-0 | [2, 2]",
        "P XACKDEL s g ACKED IDS 2 1-0 2-0; XLEN s | 2",
        "P xackdel s g acked ids 2 1-0 2-0; XACKDEL s h ACKED IDS 2 1-0 2-0; XLEN s | 0",
        "XDELEX s IDS 0 1-0 | -ERR Number of IDs must be a positive integer",
        "XDELEX s IDS x 1-0 | -ERR Number of IDs must be a positive integer",
        "XDELEX s IDS 3 1-0 | -ERR The `numids` parameter must match the number of arguments",
        "XDELEX s IDS 1 1-0 2-0 | -ERR syntax error",
        "XDELEX s KEEPREF DELREF IDS 1 1-0 | -ERR syntax error",
        "XDELEX s BOGUS IDS 1 1-0 | -ERR syntax error",
        "XDELEX s IDS 1 not-an-id | -ERR Invalid stream ID specified as stream command argument",
        "XDELEX s IDS 1 18446744073709551616-0 | -ERR Invalid stream ID specified as stream command argument",
        "SET s x; XDELEX s IDS 1 1-0 | -WRONGTYPE Operation against a key holding the wrong kind of value",
        "XDELEX s IDS 1 | -ERR wrong number of arguments for 'xdelex' command",
        "XACKDEL s g IDS 1 | -ERR wrong number of arguments for 'xackdel' command"
      })
  void deletesEntriesThatGroupsMayStillNeed(String commands, String reply) {
    assumeFalse(engine.engine().has("xdelex"));
    assertThat(last(commands.replaceFirst("^P ", PENDING))).isEqualTo(reply);
  }

  @ParameterizedTest(name = "{0}: {1} left")
  @CsvSource({
    "XTRIM s MAXLEN ~ 300, 300",
    "XTRIM s MAXLEN ~ 0, 0",
    "XTRIM s maxlen 250, 250",
    "XTRIM s MINID ~ 401-0, 100",
    "XTRIM s MINID ~ 401, 100",
    "XTRIM s MAXLEN ~ 300 LIMIT 10, 490",
    "XTRIM s MAXLEN ~ 495 LIMIT 10, 495",
    "XTRIM s MAXLEN ~ 10 LIMIT 0, 10",
    "XTRIM s MAXLEN ~ 9 LIMIT 250, 250",
    "XTRIM s MINID ~ 401 LIMIT 10, 490",
    "XTRIM s MINID ~ 6 LIMIT 10, 495",
    "XTRIM s MINID ~ 6-1 LIMIT 1000, 494",
    "XTRIM s MINID ~ 0 LIMIT 10, 500",
    "XTRIM s MAXLEN ~ 1000 LIMIT 10, 500"
  })
  void trimsExactlyWhereAskedToTrimRoughly(String command, int left) {
    IntStream.rangeClosed(1, 500).forEach(i -> engine.run("XADD s " + i + "-0 f v"));
    assertThat(engine.run(command)).isEqualTo(Integer.toString(500 - left));
    assertThat(engine.run("XLEN s")).isEqualTo(Integer.toString(left));
    assertThat(engine.run("XRANGE s - + COUNT 1"))
        .startsWith(left == 0 ? "[]" : "[[\"" + (501 - left) + "-0\"");
  }

  @ParameterizedTest(name = "{0}: {1} left")
  @CsvSource({
    "XADD s MAXLEN ~ 300 999-0 f v, 300",
    "xadd s nomkstream minid ~ 402 999-0 f v, 100",
    "XADD s MAXLEN ~ 300 LIMIT 10 999-0 f v, 491",
    "XADD s MAXLEN ~ 1 LIMIT 0 999-0 f v, 1",
    "XADD s MINID ~ 402 LIMIT 10 999-0 f v, 491",
    "XADD s MAXLEN = 7 999-0 f v, 7",
    "XADD s 999-0 MAXLEN ~, 501"
  })
  void trimsExactlyWhereItAdds(String command, int left) {
    IntStream.rangeClosed(1, 500).forEach(i -> engine.run("XADD s " + i + "-0 f v"));
    assertThat(engine.run(command)).isEqualTo("\"999-0\"");
    assertThat(engine.run("XLEN s")).isEqualTo(Integer.toString(left));
  }

  @ParameterizedTest
  @CsvSource({
    "XTRIM s MAXLEN ~ x",
    "XTRIM s MAXLEN ~ -1",
    "XTRIM s MAXLEN ~ 1 LIMIT x",
    "XTRIM s MAXLEN ~ 1 LIMIT -1",
    "XTRIM s MINID ~ x LIMIT 1",
    "XTRIM s MAXLEN 1 LIMIT 1",
    "XTRIM s MAXLEN ~",
    "XTRIM s MAXLEN ~ 1 LIMIT",
    "XTRIM str MAXLEN ~ 1 LIMIT 1",
    "XTRIM none MAXLEN ~ 1 LIMIT 1",
    "XADD s MAXLEN ~ 1 LIMIT 1 0-0 f v",
    "XADD s MAXLEN ~ 1 LIMIT 1 1-1 f",
    "XADD s MAXLEN ~",
    "XADD none NOMKSTREAM MAXLEN ~ 1 LIMIT 1 * f v"
  })
  void leavesWhatIsWrongWithATrimToTheEngine(String command) {
    run("XADD s 1-0 f v; SET str x");
    assertThat(engine.run(command)).isEqualTo(engine.plain(command));
    assertThat(engine.run("XLEN s")).isEqualTo("1");
  }

  @Test
  void scansWithTypes() {
    run("SET a x; RPUSH b x; ZADD withtype 1 x; XADD d * f v");
    assertThat(engine.run("SCAN 0 withtype COUNT 1000"))
        .startsWith("[\"0\", [")
        .contains("\"a\", \"string\"", "\"b\", \"list\"", "\"withtype\", \"zset\"")
        .contains("\"d\", \"stream\"");
    assertThat(engine.run("SCAN 0 MATCH withtype COUNT 1000")).isEqualTo("[\"0\", [\"withtype\"]]");
    assertThat(engine.run("SCAN 0 MATCH withtype WITHTYPE COUNT 1000"))
        .isEqualTo("[\"0\", [\"withtype\", \"zset\"]]");
    assertThat(engine.run("SCAN 0 TYPE list WITHTYPE")).isEqualTo("[\"0\", [\"b\", \"list\"]]");
    assertThat(engine.run("SCAN x WITHTYPE")).isEqualTo("-ERR invalid cursor");
    assertThat(engine.run("SCAN 0 COUNT 0 WITHTYPE")).isEqualTo("-ERR syntax error");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\0',
      value = {
        "SET a x; COPY a a > 0",
        "SET a x; copy a a replace > 0",
        "COPY a a > 0",
        "SET a x; COPY a a DB 1 > 1",
        "SET a x; COPY a a DB 0 > 0",
        "COPY a a JUNK > -ERR syntax error",
        "SET a x; COPY a b > 1",
        "SET a x; COPY a A > 1",
        "COPY a > -ERR wrong number of arguments for 'copy' command"
      })
  void copiesAKeyOntoItselfByDoingNothing(String commands, String reply) {
    assertThat(last(commands)).isEqualTo(reply);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "JSON.SET k $ 1, 'Redis 8 has it, and Valkey with its JSON module'",
    "hexpire h 1 FIELDS 1 f, Redis 7.4 and Valkey 9 have it",
    "HSETEX h EX 1 FIELDS 1 f v, Redis 8 and Valkey 9 have it",
    "VADD v VALUES 1 1 e, Redis 8 has it",
    "ARSET a 0 x, Redis 8.8 has it",
    "SEARCH.QUERY i {}, only Upstash has it",
    "EVAL_RO x 0, Redis 7 and Valkey have it",
    "FCALL f 0, Redis 7 and Valkey have it"
  })
  void saysWhichEnginesHaveWhatThisOneLacks(String command, String who) {
    String name = command.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT);
    Engine it = engine.engine();
    String refusal = "-ERR " + name + " is not available on " + it + ": " + who;
    if (it.has(name)) {
      assertThat(engine.run(command)).isNotEqualTo(refusal);
    } else {
      assertThat(engine.run(command)).isEqualTo(refusal);
    }
  }

  private String last(String commands) {
    String reply = "";
    for (String command : commands.split("; ", -1)) {
      reply = engine.run(command);
    }
    return reply;
  }

  private void run(String commands) {
    var unused = last(commands);
  }
}
