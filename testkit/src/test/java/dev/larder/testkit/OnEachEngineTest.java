package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEachEngine
class OnEachEngineTest {
  private static final List<EngineBinary> met = new ArrayList<>();

  @BeforeEach
  void fill(RealRedis redis) {
    redis.process().command("SET", "a", "1");
  }

  @Test
  void givesTheTestItsEngine(RealRedis redis) {
    assertThat(redis.process().command("DBSIZE")).isEqualTo("1");
    assertThat(redis.process().command("INFO", "server"))
        .contains("_version:" + redis.process().binary().version());
    met.add(redis.process().binary());
  }

  @Test
  void emptiesItBetweenTests(RealRedis redis) {
    assertThat(redis.process().command("DBSIZE")).isEqualTo("1");
    redis.process().command("SET", "b", "1");
  }

  @AfterAll
  static void metThemAll() {
    assertThat(met).isEqualTo(Engines.each());
  }
}
