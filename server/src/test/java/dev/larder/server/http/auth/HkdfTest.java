package dev.larder.server.http.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HkdfTest {
  private static final byte[] NOTHING = {};

  @ParameterizedTest(name = "RFC 5869, appendix {0}")
  @CsvSource({
    "A.1, 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c,"
        + " f0f1f2f3f4f5f6f7f8f9,"
        + " 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    "A.3, 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', '',"
        + " 8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
  })
  void derivesWhatTheRfcSays(String appendix, String secret, String salt, String info, String key) {
    HexFormat hex = HexFormat.of();
    assertThat(
            hex.formatHex(
                Hkdf.derive(
                    hex.parseHex(secret),
                    hex.parseHex(salt),
                    hex.parseHex(info),
                    key.length() / 2)))
        .isEqualTo(key);
  }

  @Test
  void derivesWhatTheRfcSaysOfLongInputsInAppendixA2() {
    assertThat(
            HexFormat.of()
                .formatHex(
                    Hkdf.derive(bytes(0x00, 0x4f), bytes(0x60, 0xaf), bytes(0xb0, 0xff), 82)))
        .isEqualTo(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  }

  @Test
  void keysForDifferentThingsHaveNothingInCommon() {
    byte[] secret = bytes(0, 31);
    assertThat(Hkdf.derive(secret, NOTHING, new byte[] {1}, 32))
        .isNotEqualTo(Hkdf.derive(secret, NOTHING, new byte[] {2}, 32));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8161})
  void refusesLengthsThatItCannotMake(int bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Hkdf.derive(bytes(0, 31), NOTHING, NOTHING, bytes))
        .withMessage("a key is of 1 to 8160 bytes, not of " + bytes);
  }

  /** The bytes from one to another, both included. */
  private static byte[] bytes(int from, int to) {
    var bytes = new byte[to - from + 1];
    IntStream.rangeClosed(from, to).forEach(it -> bytes[it - from] = (byte) it);
    return bytes;
  }
}
