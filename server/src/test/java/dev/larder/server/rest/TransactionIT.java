package dev.larder.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testkit.OnEachEngine;
import dev.larder.testkit.RealRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What commands answer in a transaction they answer as outside of one. */
@OnEachEngine
class TransactionIT {
  private final TestDoor door;

  TransactionIT(RealRedis redis) {
    door = new TestDoor(redis.uri());
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void aScriptsDigestIsThatOfTheTextThatItsCallerWrote() {
    String load = "[\"SCRIPT\",\"LOAD\",\"#!lua flags=allow-key-locking\\nreturn 7\"]";
    String alone = door.post("/", load).body();
    String set = "[\"SET\",\"k\",\"v\"]";
    String get = "[\"GET\",\"k\"]";
    assertThat(
            door.post("/multi-exec", "[" + set + "," + load + "," + get + "," + load + "]").body())
        .isEqualTo("[{\"result\":\"OK\"}," + alone + ",{\"result\":\"v\"}," + alone + "]");
    String digest = alone.replaceAll(".*:\"|\".*", "");
    assertThat(door.post("/multi-exec", "[[\"EVALSHA\",\"" + digest + "\",0]]").body())
        .isEqualTo("[{\"result\":7}]");
  }

  @Test
  void whatItsReadsFindIsCounted() {
    door.run("SET", "k", "v");
    door.run("HSET", "h", "f", "v");
    String body =
        door.post(
                "/multi-exec",
                "[[\"GET\",\"k\"],[\"HGETALL\",\"h\"],[\"GET\",\"none\"],[\"INCR\",\"k\"],[\"LRANGE\",\"none\",0,-1],"
                    + "[\"MGET\",\"k\",\"none\",\"k\"],[\"HGET\",\"h\",\"f\"],[\"SMEMBERS\",\"none\"],[\"LPOP\",\"none\"]]")
            .body();
    assertThat(body).endsWith(",{\"result\":\"v\"},{\"result\":[]},{\"result\":null}]");
    assertThat(door.reads().hits().count()).isEqualTo(4);
    assertThat(door.reads().misses().count()).isEqualTo(2);
  }
}
