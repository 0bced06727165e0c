package dev.larder.redis.lettuce.chaos;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisSentinels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another primary takes over, which need not know what was answered last. */
class SentinelChaosTest extends Chaos {
  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhenThePrimaryDiesOrStandsStill(EngineBinary binary) throws Exception {
    try (RedisSentinels sentinels = RedisSentinels.start(it -> it.binary(binary).appendOnly())) {
      survive(
          sentinels.uri(),
          () -> List.of(sentinels.primary()),
          tag -> sentinels.primary(),
          true,
          load -> {
            for (int i = 0; i < Math.min(6, 2 * rounds()); i++) {
              RedisProcess old = sentinels.primary();
              if (i % 2 == 0) {
                sentinels.failOver();
                load.awaitService("failed over");
                old.restart();
              } else {
                old.pause();
                load.awaitService("failed over from one that stands still");
                old.resume();
              }
              sentinels.heal();
              load.awaitService("the old primary is back");
            }
            return 0;
          });
    }
  }
}
