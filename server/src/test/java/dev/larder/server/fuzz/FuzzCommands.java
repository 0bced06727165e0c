package dev.larder.server.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Commands of every family, of which a word is another one now and then. */
final class FuzzCommands {
  /** What must be refused, whatever stands behind it. */
  static final List<String> FORBIDDEN =
      List.of(
          "DEBUG SLEEP 100",
          "DEBUG SEGFAULT",
          "SHUTDOWN NOSAVE",
          "CONFIG SET requirepass x",
          "REPLICAOF 127.0.0.1 1",
          "CLIENT PAUSE 100000",
          "CLIENT REPLY OFF",
          "FAILOVER",
          "SELECT 1",
          "QUIT",
          "RESET",
          "MULTI",
          "WATCH a",
          "MONITOR",
          "SUBSCRIBE a",
          "BLPOP a 0",
          "XREAD BLOCK 0 STREAMS a 0",
          "WAIT 1 0",
          "SCRIPT KILL",
          "SWAPDB 0 1");

  private static final List<String> VALID =
      List.of(
          "SET a 1",
          "SET b x EX 100",
          "GET a",
          "GETDEL a",
          "GETEX b PERSIST",
          "APPEND a xyz",
          "STRLEN a",
          "INCR a",
          "INCRBY a 5",
          "INCRBYFLOAT a 0.5",
          "SETRANGE a 3 x",
          "GETRANGE a 0 -1",
          "MSET a 1 b 2",
          "MGET a b c",
          "SETNX c x",
          "LCS a b",
          "SETBIT a 7 1",
          "GETBIT a 7",
          "BITCOUNT a",
          "BITPOS a 1",
          "BITOP AND c a b",
          "BITFIELD a INCRBY u8 0 1",
          "HSET h f v g w",
          "HGET h f",
          "HGETALL h",
          "HINCRBY h n 1",
          "HRANDFIELD h 2 WITHVALUES",
          "HSCAN h 0",
          "LPUSH l a b c",
          "RPOP l",
          "LRANGE l 0 -1",
          "LINSERT l BEFORE a b",
          "LPOS l a",
          "LMOVE l m LEFT RIGHT",
          "SADD s a b c",
          "SMEMBERS s",
          "SINTER s t",
          "SPOP s",
          "SMISMEMBER s a b",
          "ZADD z 1 a 2 b",
          "ZRANGE z 0 -1 WITHSCORES",
          "ZRANGEBYSCORE z -inf +inf",
          "ZPOPMIN z",
          "ZUNION 2 z y",
          "ZRANK z a",
          "XADD x * f v",
          "XRANGE x - +",
          "XLEN x",
          "XGROUP CREATE x g $ MKSTREAM",
          "XREADGROUP GROUP g c STREAMS x >",
          "XINFO STREAM x FULL",
          "XTRIM x MAXLEN 10",
          "PFADD p a b",
          "PFCOUNT p",
          "GEOADD geo 13.3 38.1 A",
          "GEOSEARCH geo FROMMEMBER A BYRADIUS 9 KM",
          "GEOPOS geo A",
          "KEYS *",
          "SCAN 0 MATCH *",
          "DEL a b",
          "UNLINK c",
          "EXISTS a b",
          "EXPIRE a 100",
          "TTL a",
          "TYPE a",
          "RENAME a b",
          "COPY a b",
          "OBJECT ENCODING a",
          "DUMP a",
          "RESTORE r 0 x",
          "SORT l ALPHA",
          "DBSIZE",
          "FLUSHALL",
          "FLUSHDB",
          "TIME",
          "PING",
          "ECHO x",
          "INFO",
          "COMMAND COUNT",
          "COMMAND DOCS get",
          "PUBLISH a x",
          "PUBSUB CHANNELS",
          "LOLWUT",
          "SCRIPT EXISTS x",
          "SCRIPT FLUSH",
          "FUNCTION LIST",
          "FUNCTION DUMP",
          "NOSUCH a",
          "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0",
          "MEMORY USAGE a");

  // Each a single word, however many spaces it has.
  private static final List<String> SCRIPTS =
      List.of(
          "return 1",
          "return redis.call('GET',KEYS[1])",
          "return {1,{2,{3,'x'}},false,'y'}",
          "return redis.error_reply('no')",
          "return {err='ERR a',{err='ERR b'}}",
          "error('x')",
          "#!lua flags=allow-key-locking\nreturn ARGV",
          "#!lua name=lib\nredis.register_function('f',function() return 1 end)",
          "return redis.call('DEBUG','SLEEP','0')",
          "redis.call('SHUTDOWN')");

  private static final String[] WORDS = {
    "",
    "a",
    "b",
    "l",
    "z",
    "x",
    "0",
    "-1",
    "1",
    "007",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e308",
    "nan",
    "inf",
    "-inf",
    "*",
    "$",
    ">",
    "STREAMS",
    "COUNT",
    "100",
    "LIMIT",
    "WITHSCORES",
    "GET",
    "\u00e9",
    "\u20ac",
    "\ud83d\ude00",
    "\u0000",
    "a b",
    "\r\n",
    "%",
    "/",
    "\"",
    "\\",
    "x".repeat(2000)
  };

  // An answer of a thousand million elements is the engine's answer to some of these with a count.
  private static final List<String> UNBOUNDED = List.of("HRANDFIELD", "SRANDMEMBER", "ZRANDMEMBER");

  private final Random random;

  FuzzCommands(Random random) {
    this.random = random;
  }

  String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  List<String> words() {
    if (random.nextInt(20) == 0) {
      return List.of(FORBIDDEN.get(random.nextInt(FORBIDDEN.size())).split(" "));
    }
    if (random.nextInt(12) == 0) {
      String script = SCRIPTS.get(random.nextInt(SCRIPTS.size()));
      return switch (random.nextInt(4)) {
        case 0 -> List.of("SCRIPT", "LOAD", script);
        case 1 -> List.of("FUNCTION", "LOAD", "REPLACE", script);
        default -> List.of("EVAL", script, "1", word(), word());
      };
    }
    var words = new ArrayList<>(List.of(VALID.get(random.nextInt(VALID.size())).split(" ")));
    if (random.nextInt(3) == 0 && !UNBOUNDED.contains(words.get(0))) {
      int at = random.nextInt(words.size());
      switch (random.nextInt(4)) {
        case 0 -> words.add(at + 1, word());
        case 1 -> words.remove(at);
        case 2 -> words.set(at, words.get(at).toLowerCase(java.util.Locale.ROOT));
        default -> words.set(at, word());
      }
    }
    return words;
  }

  /** A command as JSON, each byte a character. */
  String json() {
    return words().stream().map(FuzzCommands::quoted).collect(Collectors.joining(",", "[", "]"));
  }

  private static String quoted(String word) {
    var json = new StringBuilder("\"");
    for (int at = 0; at < word.length(); at++) {
      char letter = word.charAt(at);
      if (letter < ' ' || letter > '~' || letter == '"' || letter == '\\') {
        json.append("\\u%04x".formatted((int) letter));
      } else {
        json.append(letter);
      }
    }
    return json.append('"').toString();
  }
}
