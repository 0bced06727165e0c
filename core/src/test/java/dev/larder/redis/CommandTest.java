package dev.larder.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
  @Test
  void keepsItsWordsInOrder() {
    Command command = Command.of("SET").key("k").arg("ä").arg("EX").arg(60).arg(new byte[] {0, -1});

    assertThat(command.words())
        .containsExactly(
            "SET".getBytes(UTF_8),
            "k".getBytes(UTF_8),
            "ä".getBytes(UTF_8),
            "EX".getBytes(UTF_8),
            "60".getBytes(UTF_8),
            new byte[] {0, -1});
  }

  @Test
  void isRoutedByTheFirstOfItsKeys() {
    assertThat(Command.of("EVALSHA").arg("sha").arg(2).key("a").key("b").arg("c").firstKey())
        .hasValueSatisfying(key -> assertThat(key).asString().isEqualTo("a"));
    assertThat(Command.of("PING").firstKey()).isEmpty();
  }

  @Test
  void isABeginningThatManyMayContinue() {
    Command get = Command.of("GET");

    assertThat(List.of(get.key("a"), get.key("b")))
        .extracting(it -> new String(it.words().get(1), UTF_8))
        .containsExactly("a", "b");
    assertThat(get.words()).hasSize(1);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", " ", "GET a", "GET\r\n"})
  void refusesANameThatIsNotOneWord(String name) {
    assertThatThrownBy(() -> Command.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void takesManyKeysAndArgumentsAtOnce() {
    byte[] a = {'a'};
    byte[] b = {'b'};

    assertThat(Command.of("MGET").keys(List.of(a, b)).words())
        .containsExactly("MGET".getBytes(UTF_8), a, b);
    assertThat(Command.of("MGET").keys(List.of(a, b)).firstKey()).contains(a);
    assertThat(Command.of("ECHO").args(List.of(a)).hasKey()).isFalse();
    assertThat(Command.of("MGET").keys(List.of()).hasKey()).isFalse();
  }

  @Test
  @SuppressWarnings("NullAway") // callers without null checks
  void refusesNullBeforeItGetsNearAConnection() {
    assertThatThrownBy(() -> Command.of("GET").key((byte[]) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Command.of("MGET").keys(Arrays.asList(new byte[0], null)))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void isShownWithoutItsArguments() {
    assertThat(Command.of("AUTH").arg("secret")).hasToString("AUTH with 1 argument");
  }
}
