package dev.larder.redis.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"7.0.15,7.0.15", "8.0,8.0.0", "8.2.0-rc1,8.2.0", "255.255.255,255.255.255"})
  void isReadFromText(String text, String version) {
    assertThat(Version.parse(text)).hasToString(version);
  }

  @ParameterizedTest(name = "\"{0}\" is none")
  @ValueSource(strings = {"", "7", "seven", "-1.0.0", "99999999999.0"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> Version.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining('"' + text + '"');
  }

  @ParameterizedTest(name = "{0} is older than {1}")
  @CsvSource({"6.2.11,7.0.0", "7.0.9,7.0.15", "7.2.0,7.10.0"})
  void isOrderedByNumberNotByText(String older, String newer) {
    assertThat(Version.parse(older)).isLessThan(Version.parse(newer));
  }

  @ParameterizedTest(name = "{0} at least {1}.{2}: {3}")
  @CsvSource({"7.0.0,7,0,true", "6.2.99,7,0,false", "7.4.1,7,4,true", "8.0.0,7,4,true"})
  void tellsWhetherItIsNewEnough(String version, int major, int minor, boolean enough) {
    assertThat(Version.parse(version).atLeast(major, minor)).isEqualTo(enough);
  }
}
