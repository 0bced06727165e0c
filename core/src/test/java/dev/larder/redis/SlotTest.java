package dev.larder.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotTest {
  // The first is the specification's own example, 0x31C3 modulo 16384; the others are its tags.
  @ParameterizedTest(name = "{0} like {1}")
  @CsvSource({
    "123456789,123456789",
    "{user1000}.following,user1000",
    "foo{{bar}}zap,{bar",
    "foo{bar}{zap},bar",
    "foo{}{bar},foo{}{bar}",
    "foo{bar,foo{bar",
    "}{a},a",
  })
  void isThatOfTheTag(String key, String whole) {
    assertThat(Slot.of(key.getBytes(UTF_8))).isEqualTo(SlotHash.getSlot(whole.getBytes(UTF_8)));
  }

  @Test
  void isTheSpecificationsExample() {
    assertThat(Slot.of("123456789".getBytes(UTF_8))).isEqualTo(0x31C3);
  }

  @Test
  void isWhatLettuceSays() {
    Random random = new Random(17);
    for (int i = 0; i < 100_000; i++) {
      byte[] key = new byte[random.nextInt(12)];
      random.nextBytes(key);
      for (int at = 0; at < key.length; at++) {
        key[at] = random.nextInt(4) == 0 ? (byte) (random.nextBoolean() ? '{' : '}') : key[at];
      }
      assertThat(Slot.of(key)).isEqualTo(SlotHash.getSlot(key));
    }
  }
}
