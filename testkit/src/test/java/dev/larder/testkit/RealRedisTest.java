package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealRedisTest {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  @RepeatedTest(2)
  @Order(1)
  void isEmptyBeforeEachTest() {
    assertThat(redis.process().command("DBSIZE")).isEqualTo("0");
    redis.process().command("SET", "a", "1");
  }

  @Test
  @Order(2)
  void mayBePausedByATest() {
    redis.process().pause();
  }

  @Test
  @Order(3)
  void mayBeKilledByATest() {
    assertThat(redis.process().command("PING")).isEqualTo("PONG");
    redis.process().kill();
  }

  @Test
  @Order(4)
  void isBackForTheNextTest() {
    assertThat(redis.process().command("PING")).isEqualTo("PONG");
  }

  @Nested
  class WithinANestedClass {
    @Test
    void isTheSameOne(RealRedis parameter) {
      assertThat(parameter).isSameAs(redis);
      assertThat(parameter.process().command("DBSIZE")).isEqualTo("0");
    }
  }
}
