package dev.larder.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisSentinels;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The REST door on a primary that Sentinels watch. */
class SentinelIT {
  @RegisterExtension static final RedisSentinels redis = RedisSentinels.start();

  @Test
  void aPrimaryThatIsKilledIsReplacedAndNothingCountsTwice() throws InterruptedException {
    try (var door = new TestDoor(redis.uri());
        var load = new Load(door, true)) {
      await().until(() -> load.confirmed() > 500);
      redis.failOver();
      int before = load.confirmed();
      await("service resumes by itself")
          .atMost(Duration.ofSeconds(20))
          .until(() -> load.confirmed() > before + 500);
      load.endAndProve();
    }
  }

  @Test
  void aPrimaryThatStandsStillIsLeftForTheNewOne() throws InterruptedException {
    try (var door = new TestDoor(redis.uri());
        var load = new Load(door, true)) {
      await().until(() -> load.confirmed() > 500);
      RedisProcess old = redis.primary();
      old.pause();
      await("another is elected")
          .atMost(Duration.ofSeconds(30))
          .until(() -> redis.primary() != old);
      int before = load.confirmed();
      await("service resumes by itself")
          .atMost(Duration.ofSeconds(20))
          .until(() -> load.confirmed() > before + 500);
      old.resume();
      load.endAndProve();
    }
  }

  @Test
  void aDemotedPrimaryIsLeftOnItsFirstReadonly() {
    try (var door = new TestDoor(redis.uri())) {
      door.run("SET", "a", "1");
      RedisProcess old = redis.primary();
      redis.sentinels().get(0).command("SENTINEL", "FAILOVER", "larder");
      await("another is elected")
          .atMost(Duration.ofSeconds(30))
          .until(() -> redis.primary() != old);
      await("the new one is written to")
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(door.run("SET", "a", "2")).isEqualTo("{\"result\":\"OK\"}"));
    }
  }
}
