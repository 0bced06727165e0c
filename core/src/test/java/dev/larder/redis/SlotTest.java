package dev.larder.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the specification's examples; {@code SlotHashTest} compares with what Lettuce says. */
class SlotTest {
  // 12739 is 0x31C3, the CRC that the specification gives; the others are what CLUSTER KEYSLOT
  // says.
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "123456789, 12739",
    "{123456789}.following, 12739",
    "foo{123456789}{zap}, 12739",
    "}{123456789}, 12739",
    "foo{}{bar}, 8363",
    "foo{{bar}}zap, 4015",
    "foo{bar, 15278",
    "'', 0",
  })
  void isThatOfItsTag(String key, int slot) {
    assertThat(Slot.of(key.getBytes(UTF_8))).isEqualTo(slot);
  }
}
