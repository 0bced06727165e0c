package dev.larder.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.benchmarks.process.RedisEngine.Seen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisEngineTest {
  private static final Seen BEFORE = new Seen(10, 10, 8, 2);

  @Test
  void readsWhatTheEngineHasSeen() {
    String info =
        """
        # Stats
        keyspace_hits:9
        keyspace_misses:2

        # Commandstats
        cmdstat_get:calls=11,usec=7034,usec_per_call=0.07,rejected_calls=0,failed_calls=0
        cmdstat_config|get:calls=2,usec=11,usec_per_call=5.50,rejected_calls=0,failed_calls=0
        """;
    assertThat(Seen.parse(info)).isEqualTo(new Seen(11, 0, 9, 2));
  }

  @ParameterizedTest(name = "reads {0}, gets {1}, sets {2}, hits {3}")
  @CsvSource({"true, 15, 10, 13", "true, 80, 10, 78", "false, 10, 15, 8"})
  void confirmsWhatTheEngineDid(boolean reads, long gets, long sets, long hits) {
    assertThatCode(() -> new Seen(gets, sets, hits, 2).confirm(BEFORE, reads, 5, "door"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "reads {0}, gets {1}, sets {2}, hits {3}, misses {4}: {5}")
  @CsvSource({
    "true, 14, 10, 13, 2, 'door: 5 commands were answered, but the engine saw 4'",
    "true, 15, 10, 12, 2, 'door: 5 commands were answered, but the engine saw 4'",
    "false, 15, 14, 13, 2, 'door: 5 commands were answered, but the engine saw 4'",
    "true, 15, 10, 13, 3, 'door: the engine saw 1 reads of keys that are not there'"
  })
  void findsOutADoorThatDidNotAskTheEngine(
      boolean reads, long gets, long sets, long hits, long misses, String message) {
    assertThatThrownBy(() -> new Seen(gets, sets, hits, misses).confirm(BEFORE, reads, 5, "door"))
        .isInstanceOf(BenchException.class)
        .hasMessage(message);
  }
}
