package dev.larder.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.redis.Slot;
import io.lettuce.core.cluster.SlotHash;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotHashTest {
  @Test
  void ourSlotIsTheOneThatLettuceSays() {
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
