package dev.larder.server.rest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RealRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Redis 7.0 added, emulated on 6.2: each row is run on both, and each reply must be the same.
 */
class DialectBefore7Test {
  @RegisterExtension static final RealRedis old = RealRedis.on(EngineBinary.bundled());
  @RegisterExtension static final RealRedis newest = RealRedis.newest();

  private RespEngine emulating;
  private RespEngine real;

  @BeforeEach
  void connect() {
    emulating = new RespEngine(old.uri());
    real = new RespEngine(newest.uri());
    assumeTrue(
        !real.engine().product().equals("redis") || real.engine().version().atLeast(7, 0),
        "no engine of today is on the PATH to compare with");
  }

  @AfterEach
  void disconnect() {
    emulating.close();
    real.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LMPOP 1 none LEFT",
        "RPUSH a 1 2 3; LMPOP 1 a LEFT; LMPOP 1 a RIGHT; LMPOP 1 a LEFT; EXISTS a",
        "RPUSH b 1 2 3; lmpop 2 a b right count 2; LMPOP 2 a b LEFT COUNT 9; LMPOP 2 a b LEFT COUNT 9",
        "LMPOP 0 a LEFT",
        "LMPOP x a LEFT",
        "LMPOP -1 a LEFT",
        "LMPOP 2 a LEFT",
        "LMPOP 99999999999 a LEFT",
        "LMPOP 1 a MIDDLE",
        "LMPOP 1 a LEFT COUNT 0",
        "LMPOP 1 a LEFT COUNT x",
        "LMPOP 1 a LEFT COUNT",
        "LMPOP 1 a LEFT COUNT 1 COUNT 1",
        "LMPOP 1 a LEFT X 1",
        "LMPOP 1 a",
        "SET a x; LMPOP 1 a LEFT",
        "SET b x; RPUSH a 1; LMPOP 2 a b LEFT; LMPOP 2 a b LEFT"
      })
  void popsFromTheFirstListThatHasAny(String commands) {
    answersTheSame(commands);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ZMPOP 1 none MIN",
        "ZADD a 1 x 2.5 y inf z; ZMPOP 1 a MIN; ZMPOP 1 a MAX; ZMPOP 1 a MIN; EXISTS a",
        "ZADD b 1 x 2 y 3 z; zmpop 2 a b max count 2; ZMPOP 2 a b MIN COUNT 5; ZMPOP 2 a b MIN",
        "ZMPOP 0 a MIN",
        "ZMPOP x a MIN",
        "ZMPOP 2 a MIN",
        "ZMPOP 1 a LEFT",
        "ZMPOP 1 a MIN COUNT 0",
        "ZMPOP 1 a MIN COUNT",
        "ZMPOP 1 a MIN COUNT 1 COUNT 2",
        "ZMPOP 1",
        "SET a x; ZMPOP 1 a MIN"
      })
  void popsFromTheFirstSortedSetThatHasAny(String commands) {
    answersTheSame(commands);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SADD a 1 2 3; SADD b 2 3 4; SINTERCARD 2 a b; sintercard 2 a b limit 1; SINTERCARD 2 a b LIMIT 0; SINTERCARD 2 a b LIMIT 9",
        "SADD a 1; SINTERCARD 2 a none; SINTERCARD 1 none; SINTERCARD 1 a",
        "SADD a 1; SINTERCARD 1 a LIMIT -1",
        "SINTERCARD 1 a LIMIT x",
        "SINTERCARD 1 a LIMIT",
        "SINTERCARD 1 a b",
        "SINTERCARD 2 a",
        "SINTERCARD 0 a",
        "SINTERCARD x a",
        "SINTERCARD 1",
        "SET s x; SINTERCARD 2 none s",
        "SET s x; SADD a 1; SINTERCARD 2 a s",
        "ZADD a 1 x 2 y; ZADD b 5 y 6 z; ZINTERCARD 2 a b; ZINTERCARD 2 a b LIMIT 1; ZINTERCARD 2 a b LIMIT 0",
        "SADD a x y; ZADD b 5 y; zintercard 2 a b; ZINTERCARD 2 a none",
        "ZINTERCARD 0 a",
        "ZINTERCARD x a",
        "ZINTERCARD 2 a",
        "ZINTERCARD 1 a LIMIT -1",
        "ZINTERCARD 1 a LIMIT",
        "ZINTERCARD 1 a b",
        "ZINTERCARD 1",
        "SET s x; ZINTERCARD 1 s",
        "SET s x; ZINTERCARD 2 none s"
      })
  void countsWhatSetsHaveInCommon(String commands) {
    answersTheSame(commands);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPIRETIME none; PEXPIRETIME none",
        "SET a x; EXPIRETIME a; PEXPIRETIME a",
        "SET a x; PEXPIREAT a 4102444800499; EXPIRETIME a; PEXPIRETIME a; expiretime a",
        "SET a x; PEXPIREAT a 4102444800500; EXPIRETIME a; PEXPIRETIME a",
        "EXPIRETIME",
        "EXPIRETIME a b"
      })
  void tellsWhenAKeyExpires(String commands) {
    answersTheSame(commands);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPIRE none 10 NX; EXPIRE none 10 XX; EXPIRE none 10 GT; EXPIRE none 10 LT",
        "SET a x; EXPIRE a 10 XX; EXPIRE a 10 GT; TTL a; EXPIRE a 10 NX; TTL a; EXPIRE a 20 NX; TTL a",
        "SET a x; EXPIRE a 10 LT; TTL a; EXPIRE a 20 LT; EXPIRE a 5 LT; TTL a; EXPIRE a 4 GT; EXPIRE a 9 GT; TTL a",
        "SET a x EX 10; expire a 20 xx gt; TTL a; EXPIRE a 30 XX LT; EXPIRE a 3 LT XX; TTL a",
        "SET a x; PEXPIREAT a 4102444800000; PEXPIREAT a 4102444800000 GT; PEXPIREAT a 4102444800000 LT; PEXPIREAT a 4102444800001 GT; PEXPIREAT a 4102444799999 LT",
        "SET a x; EXPIREAT a 4102444800; EXPIREAT a 4102444800 GT; EXPIREAT a 4102444801 GT; EXPIREAT a 4102444800 LT; EXPIREAT a 4102444800 LT",
        "SET a x; PEXPIRE a 100000 NX; PEXPIRE a 200000 NX; PEXPIRE a 200000 XX",
        "SET a x EX 10; EXPIRE a -1 LT; EXISTS a",
        "SET a x; EXPIRE a -1 GT; EXISTS a; EXPIRE a 0 NX; EXISTS a",
        "EXPIRE a 10 NX XX",
        "EXPIRE a 10 NX GT",
        "EXPIRE a 10 NX LT",
        "EXPIRE a 10 GT LT",
        "EXPIRE a 10 GT GT",
        "EXPIRE a 10 sometimes",
        "EXPIRE a x NX",
        "EXPIRE a 1.5 NX",
        "EXPIRE a 010 NX",
        "EXPIRE a 99999999999999999999 NX",
        "EXPIRE a 9223372036854775807 NX",
        "SET a x; EXPIRE a 9223372036854775807 NX",
        "SET a x; EXPIRE a 9223372036854775807 GT",
        "PEXPIRE a 9223372036854775807 NX",
        "EXPIRE a",
        "EXPIRE a 10; SET a x; EXPIRE a 10; TTL a"
      })
  void setsExpiryOnConditions(String commands) {
    answersTheSame(commands);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET a 1 NX GET; GET a; SET a 2 NX GET; GET a",
        "set a 1 ex 100 nx get; TTL a; set a 2 get nx px 5; TTL a; GET a",
        "RPUSH l x; SET l 1 NX GET; TYPE l",
        "SET GET nx NX GET; SET GET nx NX GET; GET GET",
        "SET a 1 NX GET XX",
        "SET a 1 NX GET JUNK",
        "SET a 1 NX GET EX",
        "SET a 1 XX GET; SET a 1 GET; SET a 2 XX GET; SET a 3 NX"
      })
  void setsAndTellsWhatWasThere(String commands) {
    answersTheSame(commands);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BITCOUNT a 0 -1 BIT; BITPOS a 0 0 -1 BIT; BITPOS a 1 0 -1 BIT; BITPOS a 0 5 9 BIT",
        "SET a \u00ff\u00f0\u0000\u0001; BITCOUNT a 0 -1 BIT; BITCOUNT a 0 -1 byte; BITCOUNT a 5 9 bit; BITCOUNT a 5 30 BIT; BITCOUNT a -5 -1 BIT; BITCOUNT a 31 31 BIT",
        "SET a \u00ff\u00f0\u0000\u0001; BITCOUNT a 9 5 BIT; BITCOUNT a -1 -5 BIT; BITCOUNT a 0 999 BIT; BITCOUNT a -999 3 BIT; BITCOUNT a 40 50 BIT; BITCOUNT a 8 15 BIT; BITCOUNT a -999 -998 BIT",
        "SET a \u00ff\u00f0\u0000\u0001; BITPOS a 1 0 -1 BIT; BITPOS a 0 0 -1 BIT; BITPOS a 1 12 -1 BIT; BITPOS a 1 12 30 BIT; BITPOS a 0 3 9 BIT; BITPOS a 0 3 12 BIT; BITPOS a 1 31 31 BIT",
        "SET a \u00ff\u00ff; BITPOS a 0 0 -1 BIT; BITPOS a 0 3 5 BIT; BITPOS a 0 0 99 BIT; BITPOS a 1 7 3 BIT; BITPOS a 1 -3 -1 BIT; BITPOS a 1 -99 -98 BIT; BITPOS a 0 0 -1 BYTE; BITPOS a 1 1 1 BYTE",
        "BITCOUNT a 0 -1 WORD",
        "SET a x; BITCOUNT a 0 -1 WORD",
        "SET a x; BITPOS a 1 0 -1 WORD",
        "SET a x; BITCOUNT a x -1 BIT",
        "SET a x; BITPOS a 1 0 x BIT",
        "SET a x; BITPOS a 2 0 -1 BIT",
        "RPUSH a x; BITCOUNT a 0 -1 BIT",
        "RPUSH a x; BITPOS a 1 0 -1 BIT",
        "BITCOUNT a; BITCOUNT a 0 -1; BITCOUNT a 0; BITPOS a 1; BITPOS a 1 0 -1"
      })
  void countsAndFindsBitsByBits(String commands) {
    answersTheSame(commands);
  }

  @Test
  void countsAndFindsBitsOfEveryRange() {
    String set = "SET a \u0080\u00ff\u0000\u00a5\u00ff\u0001";
    for (RespEngine it : new RespEngine[] {emulating, real}) {
      it.run(set);
    }
    for (int first = -50; first < 50; first += 3) {
      for (int last = -50; last < 50; last += 4) {
        String range = first + " " + last + " BIT";
        answersTheSame("BITCOUNT a " + range + "; BITPOS a 1 " + range + "; BITPOS a 0 " + range);
      }
    }
  }

  private void answersTheSame(String commands) {
    for (String command : commands.split("; ", -1)) {
      assertThat(emulating.run(command))
          .as("%s, of %s", command, commands)
          .isEqualTo(real.plain(command));
    }
  }
}
