package dev.larder.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisSentinels;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The REST door on a primary that Sentinels watch. */
class SentinelIT {
  @RegisterExtension static final RedisSentinels redis = RedisSentinels.start();

  @Test
  void aPrimaryThatIsKilledIsReplacedAndNothingCountsTwice() throws InterruptedException {
    try (var door = new TestDoor(redis.uri());
        var load = new Load(door)) {
      load.awaitService();
      load.failsOver();
      redis.failOver();
      load.awaitService();
      load.endAndProve();
    }
  }

  @Test
  void aPrimaryThatStandsStillIsLeftForTheNewOne() throws InterruptedException {
    try (var door = new TestDoor(redis.uri());
        var load = new Load(door)) {
      load.awaitService();
      RedisProcess old = redis.primary();
      load.failsOver();
      old.pause();
      await("another is elected").until(() -> redis.primary() != old);
      load.awaitService();
      old.resume();
      load.endAndProve();
    }
  }

  @Test
  void aSlowCommandClosesNobodysConnection() {
    try (var door = new TestDoor(redis.uri(), Duration.ofMillis(100))) {
      await().until(() -> door.run("SET", "a", "1").contains("OK"));
      List<String> before = clients();
      assertThat(
              door.run(
                  "EVAL",
                  "local t = redis.call('TIME') local s = t[1] * 1000 + t[2] / 1000"
                      + " repeat t = redis.call('TIME') until t[1] * 1000 + t[2] / 1000 > s + 600",
                  "0"))
          .contains("did not answer within 100 ms");
      await().until(() -> door.run("SET", "a", "2").contains("OK"));
      assertThat(clients()).containsAll(before);
    }
  }

  /** The ids of the connections that are no Sentinel's, and no replica's. */
  private static List<String> clients() {
    return redis
        .primary()
        .command("CLIENT", "LIST", "TYPE", "normal")
        .lines()
        .filter(line -> !line.contains("name=sentinel-") && !line.contains("cmd=client"))
        .map(line -> line.split(" ", -1)[0])
        .toList();
  }

  @Test
  void aDemotedPrimaryIsLeftOnItsFirstReadonly() {
    try (var door = new TestDoor(redis.uri())) {
      door.run("SET", "a", "1");
      RedisProcess old = redis.primary();
      redis.sentinels().get(0).command("SENTINEL", "FAILOVER", "larder");
      await("another is elected").until(() -> redis.primary() != old);
      await("the new one is written to")
          .untilAsserted(
              () -> assertThat(door.run("SET", "a", "2")).isEqualTo("{\"result\":\"OK\"}"));
    }
  }
}
