package dev.larder.server.rest.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonRepliesTest {
  private static final JsonMapper JACKSON = JsonMapper.builder().build();

  @Test
  void writesPipelinesAsTheSdkExpectsThem() {
    String written =
        written(
            true,
            out -> {
              out.openList(2);
              out.openResult();
              out.string(bytes("OK"), true);
              out.closeResult();
              out.openResult();
              out.string(bytes("v"), true);
              out.closeResult();
              out.openResult();
              out.string(null, false);
              out.closeResult();
              out.error("ERR no");
              out.openResult();
              out.openList(2);
              out.string(bytes("b"), false);
              out.string(bytes("OK"), false);
              out.integer(3);
              out.string(null, false);
              out.openList(2);
              out.closeList();
              out.openList(2);
              out.integer(4);
              out.closeList();
              out.closeList();
              out.closeResult();
              out.closeList();
            });
    // As captured from the service: a nested OK is encoded, a top-level one is not.
    assertThat(written)
        .isEqualTo(
            "[{\"result\":\"OK\"},{\"result\":\"dg==\"},{\"result\":null},{\"error\":\"ERR no\"},"
                + "{\"result\":[\"Yg==\",\"T0s=\",3,null,[],[4]]}]");
  }

  @ParameterizedTest(name = "{0} as base64 {1} at the top: {2}")
  @CsvSource({
    "OK, true, OK",
    "OK, false, T0s=",
    "ok, true, b2s=",
    "QUEUED, true, UVVFVUVE",
    "OK!, true, T0sh",
    "'', true, ''"
  })
  void encodesEveryStringButATopLevelOk(String value, boolean topLevel, String encoded) {
    assertThat(string(true, value.getBytes(UTF_8), topLevel)).isEqualTo(encoded);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "0, 0",
    "-1, -1",
    "9007199254740991, 9007199254740991",
    "-9007199254740991, -9007199254740991",
    "9007199254740992, 9007199254740992",
    "9007199254740993, '\"9007199254740993\"'",
    "-9007199254740993, '\"-9007199254740993\"'",
    "9223372036854775807, '\"9223372036854775807\"'",
    "-9223372036854775808, '\"-9223372036854775808\"'"
  })
  void writesIntegersThatJavaScriptWouldRoundAsStrings(long value, String json) {
    assertThat(written(false, out -> out.integer(value))).isEqualTo(json);
    // With base64 an integer stays as it is, but what goes out as a string is decoded by the SDK.
    String encoded =
        json.startsWith("\"")
            ? '"' + Base64.getEncoder().encodeToString(Long.toString(value).getBytes(UTF_8)) + '"'
            : json;
    assertThat(written(true, out -> out.integer(value))).isEqualTo(encoded);
  }

  @Test
  void writesEveryAsciiCharacterSoThatItIsReadBackTheSame() {
    for (char letter = 0; letter < 128; letter++) {
      String text = "a" + letter + "z";
      assertThat(string(false, text.getBytes(UTF_8), true)).isEqualTo(text);
      String error = written(false, out -> out.error(text));
      assertThat(JACKSON.readTree(error).get("error").asString()).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void writesWhateverBytesAsJsonThatCanBeRead(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      var value = new byte[random.nextInt(40)];
      random.nextBytes(value);
      // What is not UTF-8 is replaced, as any reader of UTF-8 would.
      assertThat(string(false, value, false)).isEqualTo(new String(value, UTF_8));
      assertThat(Base64.getDecoder().decode(string(true, value, false))).isEqualTo(value);
    }
  }

  @Test
  void writesAValueOfMegabytes() {
    byte[] value = "é\n".repeat(1_000_000).getBytes(UTF_8);
    assertThat(string(false, value, true)).isEqualTo(new String(value, UTF_8));
    assertThat(Base64.getDecoder().decode(string(true, value, true))).isEqualTo(value);
  }

  @Test
  void leavesTextThatOnlyLooksLikePunctuationAlone() {
    String written =
        written(
            false,
            out -> {
              out.openList(2);
              out.string(bytes("["), false);
              out.string(bytes(":"), false);
              out.string(bytes(""), false);
              out.closeList();
            });
    assertThat(written).isEqualTo("[\"[\",\":\",\"\"]");
  }

  private static String string(boolean base64, byte[] value, boolean topLevel) {
    String written = written(base64, out -> out.string(ByteBuffer.wrap(value), topLevel));
    JsonNode read = JACKSON.readTree(written);
    assertThat(read.isString()).isTrue();
    return read.asString();
  }

  private static String written(boolean base64, Consumer<JsonReplies> writer) {
    var out = new JsonReplies(base64);
    writer.accept(out);
    return new String(out.bytes(), 0, out.length(), UTF_8);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
