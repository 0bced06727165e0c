package dev.larder.server.rest.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandBatchTest {
  @Test
  void keepsCommandsApartHoweverManyThereAre() {
    byte[] data = "0123456789".getBytes(UTF_8);
    var batch = new CommandBatch(data, data.length);
    for (int command = 0; command < 1000; command++) {
      batch.command();
      for (int argument = 0; argument <= command % 7; argument++) {
        batch.argument(argument, argument + command % 3);
      }
    }
    assertThat(batch.size()).isEqualTo(1000);
    for (int command = 0; command < 1000; command++) {
      assertThat(batch.arity(command)).isEqualTo(command % 7 + 1);
      for (int argument = 0; argument <= command % 7; argument++) {
        assertThat(batch.text(command, argument))
            .isEqualTo("0123456789".substring(argument, argument + command % 3));
      }
    }
  }

  @Test
  void takesFurtherBytesBehindItsDataWithoutTouchingIt() {
    byte[] data = "abc....".getBytes(UTF_8);
    var batch = new CommandBatch(data, 3);
    batch.command();
    batch.argument(0, 3);
    batch.argument("defg".getBytes(UTF_8), 4);
    batch.argument("h".repeat(100).getBytes(UTF_8), 100);
    assertThat(batch.text(0, 0)).isEqualTo("abc");
    assertThat(batch.text(0, 1)).isEqualTo("defg");
    assertThat(batch.text(0, 2)).isEqualTo("h".repeat(100));
  }

  @ParameterizedTest(name = "{0} is {1}: {2}")
  @CsvSource({
    "get, GET, true",
    "GeT, GET, true",
    "GETS, GET, false",
    "GE, GET, false",
    "'', GET, false",
    "json.get, JSON.GET, true",
    "g\u00e9t, GET, false",
    "'', '', true",
    "ge`, GET, false",
    "GE\u0014, GET, false"
  })
  void comparesWordsWithoutRegardToCase(String argument, String word, boolean same) {
    byte[] data = argument.getBytes(UTF_8);
    var batch = new CommandBatch(data, data.length);
    batch.command();
    batch.argument(0, data.length);
    assertThat(batch.is(0, 0, word)).isEqualTo(same);
  }
}
