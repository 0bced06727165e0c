package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.auth.Access;
import dev.larder.server.rest.command.CommandRule.Kind;
import dev.larder.server.rest.request.CommandBatch;
import dev.larder.testkit.OnEachEngine;
import dev.larder.testkit.RealRedis;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard and its table, by what real engines tell of their commands. */
@OnEachEngine
class GuardTest {
  private final Engine engine;
  private final CommandTable table;
  private final Guard guard;
  private final String uri;

  GuardTest(RealRedis redis) {
    try (var connected = LettuceRedis.connect(RedisUri.parse(redis.uri()))) {
      engine = Engine.detect(connected);
    }
    var dialect = new Dialect(engine);
    table = new CommandTable(engine, dialect);
    boolean since7 = engine.version().atLeast(7, 0);
    guard = new Guard(table, dialect, new UnknownCommand(since7));
    uri = redis.uri();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "SELECT 1, requests share connections",
    "select 1, requests share connections",
    "CLIENT KILL ID 1, requests share connections",
    "HELLO 3, requests share connections",
    "AUTH a b, requests share connections",
    "QUIT, requests share connections",
    "RESET, requests share connections",
    "READONLY, requests share connections",
    "ASKING, requests share connections",
    "MULTI, POST /multi-exec",
    "EXEC, POST /multi-exec",
    "DISCARD, POST /multi-exec",
    "WATCH k, POST /multi-exec",
    "UNWATCH, POST /multi-exec",
    "SUBSCRIBE c, text/event-stream",
    "UNSUBSCRIBE, text/event-stream",
    "PSUBSCRIBE c, text/event-stream",
    "SSUBSCRIBE c, text/event-stream",
    "MONITOR, text/event-stream",
    "BLPOP k 0, would block",
    "BLMPOP 0 1 k LEFT, would block",
    "BZPOPMIN k 0, would block",
    "BRPOPLPUSH a b 0, would block",
    "BLMOVE a b LEFT LEFT 0, would block",
    "WAIT 1 0, would block",
    "WAITAOF 1 0 0, would block",
    "XREAD BLOCK 0 STREAMS s $, would block",
    "xread count 5 block 0 streams s $, would block",
    "XREADGROUP GROUP g c BLOCK 0 STREAMS s >, would block",
    "XREADGROUP GROUP streams c BLOCK 0 STREAMS s >, would block",
    "XREADGROUP BLOCK 0 GROUP g c STREAMS s >, would block",
    "XREADGROUP NOACK GROUP g streams BLOCK 0 STREAMS s >, would block",
    "XREAD BLOCK\u0000 0 STREAMS s $, would block",
    "XREAD COUNT\u0000x 5 block\u0000y 0 STREAMS s $, would block",
    "XREADGROUP GROUP\u0000 g c BLOCK\u0000 0 STREAMS s >, would block",
    "MOVE k 1, another database",
    "SWAPDB 0 1, another database",
    "COPY a b DB 1, another database",
    "copy a b replace db 1, another database",
    "COPY a b DB\u0000 1, another database",
    "COPY a a DB 1, another database",
    "SRANDMEMBER s -1000000, busy with it for long",
    "srandmember s -9223372036854775808, busy with it for long",
    "HRANDFIELD h -1000000 WITHVALUES, busy with it for long",
    "ZRANDMEMBER z -2000000000, busy with it for long",
    "POST / HTTP/1.1, closes the connection",
    "Host: a, closes the connection",
    "LASTSAVE, administers the engine",
    "SCRIPT KILL, other callers' scripts",
    "script debug yes, other callers' scripts",
    "CONFIG GET *, administers the engine",
    "SHUTDOWN, administers the engine",
    "DEBUG SLEEP 1, administers the engine",
    "ACL WHOAMI, administers the engine",
    "BGSAVE, administers the engine",
    "SAVE, administers the engine",
    "BGREWRITEAOF, administers the engine",
    "SLOWLOG GET, administers the engine",
    "CLUSTER INFO, administers the engine",
    "REPLICAOF no one, administers the engine",
    "MIGRATE h 1 k 0 1, administers the engine",
    "MODULE LOAD x, administers the engine",
    "PSYNC ? -1, administers the engine"
  })
  void refusesWhatConcernsMoreThanItsCallersData(String command, String why) {
    assertThat(refusal(command, Access.READ_WRITE))
        .startsWith("ERR " + command.toUpperCase(Locale.ROOT).split(" ", 2)[0])
        .contains("not available")
        .contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET k",
        "set k v",
        "FLUSHALL",
        "SCAN 0",
        "KEYS *",
        "INFO",
        "DBSIZE",
        "PUBLISH c m",
        "XREAD STREAMS block 0",
        "XREAD COUNT 2 STREAMS a BLOCK 0 0",
        "XREADGROUP GROUP block c STREAMS s >",
        "XREADGROUP GROUP g block COUNT 1 STREAMS s >",
        "XREAD COUNT",
        "XREADGROUP GROUP",
        "EVAL return_1 0",
        "SCRIPT LOAD x",
        "SCRIPT FLUSH",
        "SCRIPT",
        "GET",
        "COPY a b REPLACE",
        "SRANDMEMBER s -999999",
        "SRANDMEMBER -1000000",
        "SRANDMEMBER s 1000000000",
        "COPY db db2",
        "OBJECT ENCODING db",
        "XGROUP CREATE s g $",
        "MEMORY DOCTOR",
        "COMMAND COUNT",
        "PUBSUB CHANNELS"
      })
  void letsTheRestThroughForTheEngineToJudge(String command) {
    assertThat(refusal(command, Access.READ_WRITE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET k",
        "mget a b",
        "HGETALL h",
        "LRANGE l 0 -1",
        "ZRANGE z 0 -1",
        "XRANGE s - +",
        "XREAD STREAMS s 0",
        "EXISTS k",
        "TTL k",
        "TYPE k",
        "DBSIZE",
        "SSCAN s 0",
        "PFCOUNT h",
        "OBJECT ENCODING k",
        "MEMORY USAGE k",
        "XINFO STREAM s",
        "PING",
        "ECHO x",
        "TIME",
        "SINTERCARD 1 s",
        "ZINTERCARD 1 z",
        "EXPIRETIME k",
        "PEXPIRETIME k",
        "BITCOUNT k 0 -1 BIT",
        "BITPOS k 1 0 -1 BIT"
      })
  void letsAReadOnlyTokenRead(String command) {
    assertThat(refusal(command, Access.READ_ONLY)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET k v",
        "del k",
        "GETEX k",
        "GETDEL k",
        "SORT k STORE d",
        "GEORADIUS g 0 0 1 m STORE d",
        "BITFIELD k SET u8 0 1",
        "XREADGROUP GROUP g c STREAMS s >",
        "EVAL x 0",
        "EVALSHA x 0",
        "SCRIPT LOAD x",
        "FUNCTION FLUSH",
        "FLUSHDB",
        "FLUSHALL",
        "SWAPDB 0 1",
        "PUBLISH c m",
        "KEYS *",
        "SCAN 0",
        "RANDOMKEY",
        "INFO",
        "LASTSAVE",
        "XGROUP CREATE s g $",
        "COPY a b",
        "LMPOP 1 l LEFT",
        "ZMPOP 1 z MIN",
        "HGETDEL h FIELDS 1 f",
        "XDELEX s IDS 1 1-0",
        "XACKDEL s g IDS 1 1-0",
        "BITOP DIFF d a b",
        "EXPIRE k 1 NX",
        "SCAN 0 WITHTYPE",
        "EVAL_RO x 0",
        "EVALSHA_RO x 0",
        "FCALL_RO f 0",
        "MEMORY STATS",
        "MEMORY PURGE",
        "MEMORY MALLOC-STATS",
        "PUBSUB CHANNELS",
        "SCRIPT EXISTS x",
        "OBJECT",
        "POST /"
      })
  void refusesAReadOnlyTokenWhatWritesOrListsKeys(String command) {
    String told = refusal(command, Access.READ_ONLY);
    assertThat(told).matches("(NOPERM|ERR) .*");
    if (told.startsWith("NOPERM")) {
      assertThat(told).contains("'" + command.toLowerCase(Locale.ROOT).split(" ", 2)[0] + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOSUCHCOMMAND",
        "nosuch a b",
        "BLPOPPER k",
        "SELECT\u0000 1",
        "SELECT\u000077 1",
        "SELECT\u0000\u0000 a\u0000b",
        "NO\r\nSUCH a\r\nb c",
        "N'O`S x'y z`",
        "\u00e4\u00f6 \u00fc",
        " a",
        "NOSUCH  b",
        "NOSUCHCOMMAND aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            + " bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb c",
        "NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN"
            + "NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN a",
        "OBJECT NOSUCH\u0000 k",
        "memory NO\r\n\u0000 k",
        "PUBSUB \u0000CHANNELS x"
      })
  void refusesNamesThatTheEngineDoesNotHaveInItsWords(String command) {
    // Not SELECT with just any bytes: the engine may know it, which is the point.
    String askable =
        command.startsWith("SELECT") ? command.replaceFirst("SELECT", "SELECS") : command;
    try (var real = new RespEngine(uri)) {
      String told = refusal(askable, Access.READ_WRITE);
      assertThat('-' + told).isEqualTo(real.plain(askable));
      assertThat(refusal(askable, Access.READ_ONLY)).isEqualTo(told);
    }
    assertThat(refusal(command, Access.READ_WRITE)).matches("(?s)ERR [uU]nknown .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OBJECT ENCODING\u0000 k",
        "MEMORY USAGE\u00007 k",
        "SCRIPT KILL\u0000",
        "SCRIPT KILL\u000012",
        "XINFO STREAM\u0000 s",
        "PUBSUB CHANNELS\u0000x",
        "COMMAND COUNT\u0000"
      })
  void refusesSubcommandsThatOnlyBeginLikeOneOfTheEngine(String command) {
    String shown = command.split("[ \u0000]", -1)[1];
    for (Access access : Access.values()) {
      assertThat(refusal(command, access))
          .matches("ERR (un|Un)known subcommand .*'" + shown + "'.*");
    }
  }

  @Test
  void letsAReadOnlyTokenSendNothingThatTheEngineSaysWrites() {
    List<String> writing =
        engine.commands().values().stream()
            .filter(it -> it.writes() || it.flags().contains("admin"))
            .map(CommandInfo::name)
            .toList();
    assertThat(writing)
        .hasSizeGreaterThan(100)
        .allSatisfy(name -> assertThat(refusal(name, Access.READ_ONLY)).isNotEmpty());
  }

  @Test
  void letsNobodySendWhatTheEngineSaysMayBlock() {
    List<CommandInfo> blocking =
        engine.commands().values().stream().filter(CommandInfo::blocks).toList();
    assertThat(blocking)
        .isNotEmpty()
        .allSatisfy(
            it ->
                assertThat(table.rule(batch(it.name()), 0))
                    .matches(rule -> rule.refusal() != null || rule.kind() == Kind.MAY_BLOCK));
  }

  @Test
  void findsEveryCommandOfTheEngineInAnyCase() {
    assertThat(engine.commands().keySet())
        .hasSizeGreaterThan(200)
        .allSatisfy(
            name -> {
              assertThat(table.rule(batch(name), 0).name()).isEqualToIgnoringCase(name);
              String upper = name.toUpperCase(Locale.ROOT);
              assertThat(table.rule(batch(upper), 0).name()).isEqualTo(upper);
            });
  }

  @ParameterizedTest(name = "{0} is of family {1}")
  @CsvSource({
    "GET, string",
    "HGET, hash",
    "LPUSH, list",
    "SADD, set",
    "ZADD, sortedset",
    "XADD, stream",
    "SETBIT, bitmap",
    "PFADD, hyperloglog",
    "GEOADD, geo",
    "PUBLISH, pubsub",
    "EVAL, scripting",
    "DEL, keyspace",
    "PING, connection",
    "NOSUCHCOMMAND, other"
  })
  void sortsCommandsIntoFamiliesForMetrics(String name, String family) {
    assertThat(table.rule(batch(name), 0).family()).isEqualTo(family);
  }

  @Test
  void knowsNoFamilyThatACallerCouldMakeUp() {
    Set<String> families =
        Stream.concat(Stream.of("X-MADE-UP", ""), engine.commands().keySet().stream())
            .map(name -> table.rule(batch(name), 0).family())
            .collect(Collectors.toSet());
    assertThat(families).hasSizeLessThan(20);
  }

  private String refusal(String command, Access access) {
    CommandBatch batch = batch(command);
    return requireNonNullElse(guard.refusal(guard.rule(batch, 0), batch, 0, access), "");
  }

  private static CommandBatch batch(String command) {
    return RespEngine.batch(command.getBytes(UTF_8));
  }
}
