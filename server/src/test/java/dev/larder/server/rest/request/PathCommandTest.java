package dev.larder.server.rest.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.memory.ByteBudget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathCommandTest {
  private static final ByteBudget.Share SHARE = ByteBudget.unlimited();

  @ParameterizedTest(name = "{0} with body ''{1}'' is {2}")
  @CsvSource({
    "/get/k, '', get|k",
    "/set/k/v/EX/100, '', set|k|v|EX|100",
    "/set/k?EX=100, body, set|k|body|EX|100",
    "/set/k?NX, body, set|k|body|NX",
    "/set/k?NX=, body, set|k|body|NX",
    "/set/k?EX=100&NX, body, set|k|body|EX|100|NX",
    "/set/k, a/b?c%20d, set|k|a/b?c%20d",
    "/set/k//EX, '', set|k||EX",
    "/set/k/, '', set|k|",
    "/set/a%2Fb/c%20d%25+, '', set|a/b|c d%+",
    "/set/k/%e2%82%AC, '', set|k|€",
    "/set/k/v?PX=1+0%2B, '', set|k|v|PX|1 0+",
    "/set/k/v?a=b=c, '', set|k|v|a|b=c",
    "/get/k?_token=secret, '', get|k",
    "/set/k?_token=secret&EX=5, body, set|k|body|EX|5",
    "/set/k?EX=5&_token=secret, body, set|k|body|EX|5",
    "/set/k?EX=5&_token=secret&NX, body, set|k|body|EX|5|NX",
    "/get/k?, '', get|k",
    "/get/k?&&, '', get|k",
    "/get/_token=x, '', get|_token=x",
    "/echo/a?b?c=d, '', echo|a|b?c|d"
  })
  void readsPathThenBodyThenQuery(String uri, String body, String arguments) {
    assertThat(read(uri, body)).containsExactly(arguments.split("\\|", -1));
  }

  @Test
  void decodesEveryByte() {
    for (int value = 0; value < 256; value++) {
      CommandBatch batch =
          PathCommand.read(
              String.format("/set/%%%02x/%%%02X", value, value), new byte[0], 0, SHARE);
      assertThat(batch.bytes(0, 1)).containsExactly(value);
      assertThat(batch.bytes(0, 2)).containsExactly(value);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/get/%", "/get/%4", "/get/%zz", "/get/%4/1", "/get/k?a=%4", "/get/k?%=1", "/%"})
  void refusesAPercentSignWithoutTwoDigits(String uri) {
    assertThatExceptionOfType(HttpFault.class)
        .isThrownBy(() -> read(uri, ""))
        .withMessageContaining("'%' must be followed by two hexadecimal digits")
        .satisfies(fault -> assertThat(fault.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "//get/k", "/?a=b", "/?_token=secret"})
  void refusesAPathWithoutACommand(String uri) {
    assertThatExceptionOfType(HttpFault.class)
        .isThrownBy(() -> read(uri, ""))
        .withMessageStartingWith("ERR empty command")
        .satisfies(fault -> assertThat(fault.status()).isEqualTo(400));
  }

  private static List<String> read(String uri, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    CommandBatch batch = PathCommand.read(uri, bytes, bytes.length, SHARE);
    var arguments = new ArrayList<String>();
    for (int i = 0; i < batch.arity(0); i++) {
      arguments.add(batch.text(0, i));
    }
    return arguments;
  }
}
