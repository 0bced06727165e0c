package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradesTest {
  @ParameterizedTest(name = "{0} {1} -> {2} {3}: {4}")
  @CsvSource({
    "REDIS, 6.2.11, REDIS, 6.2.11, true",
    "REDIS, 6.2.11, REDIS, 7.0.15, true",
    "REDIS, 7.0.15, REDIS, 6.2.11, false",
    "REDIS, 7.0.15, REDIS, 7.0.11, true",
    "REDIS, 8.0.0, REDIS, 7.4.9, false",
    "REDIS, 6.2.11, VALKEY, 7.2.5, true",
    "REDIS, 7.2.9, VALKEY, 8.1.4, true",
    "REDIS, 7.4.0, VALKEY, 9.0.0, false",
    "REDIS, 8.2.2, VALKEY, 9.0.0, false",
    "VALKEY, 7.2.5, REDIS, 7.2.9, false",
    "VALKEY, 8.1.4, REDIS, 8.2.2, false",
    "VALKEY, 7.2.5, VALKEY, 8.0.0, true",
    "VALKEY, 9.0.0, VALKEY, 8.1.4, false",
  })
  void goForwardsAndNeverFromValkeyToRedis(
      Product writtenBy, String written, Product product, String version, boolean allowed) {
    var refusal =
        Upgrades.refusal(
            writtenBy, EngineVersion.parse(written), product, EngineVersion.parse(version));
    assertThat(refusal.isEmpty()).isEqualTo(allowed);
  }

  @Test
  void areRefusedByNameWithWhatToDo() {
    assertThat(
            Upgrades.refusal(
                Product.VALKEY,
                EngineVersion.parse("8.1.4"),
                Product.REDIS,
                EngineVersion.parse("8.2.2")))
        .hasValueSatisfying(
            it ->
                assertThat(it)
                    .contains("Valkey 8.1.4", "Redis 8.2.2", "install Valkey 8.1 or newer"));
  }
}
