package dev.larder.server.rest.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.memory.ByteBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonCommandsTest {
  private static final JsonMapper JACKSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "[\"GET\",\"k\"] > GET|k",
        " \t[ \"GET\" , \"k\" ] \t > GET|k",
        "[\"SET\",\"\",\"\"] > SET||",
        "[\"a/b\\/c\"] > a/b/c",
        "[\"\\\"\\\\\"] > \"\\",
        "[\"é\",\"\\u00e9\",\"\\u00E9\"] > é|é|é",
        "[\"€\",\"\\u20aC\"] > €|€",
        "[\"😀\",\"\\ud83d\\ude00\"] > 😀|😀",
        "[\"before\\u0041after\"] > beforeAafter",
        "[0,-0,7,-12,90] > 0|-0|7|-12|90",
        "[1.50,-0.0,1e400,1E+2,1e-2] > 1.50|-0.0|1e400|1E+2|1e-2",
        "[9007199254740993,123456789012345678901234567890] > 9007199254740993|123456789012345678901234567890",
        "[true,false] > true|false",
        "[\"[\",\"]\",\"{\",\",\",\"null\"] > [|]|{|,|null",
      })
  void readsEachArgumentAsItsBytes(String json, String arguments) {
    assertThat(one(json)).containsExactly(arguments.split("\\|", -1));
  }

  @Test
  void readsEveryShortEscape() {
    assertThat(one("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]")).containsExactly("\"\\/\b\f\n\r\t");
  }

  @Test
  void readsNulAndLineBreaksAsPartsOfAnArgument() {
    assertThat(one("[\"SET\",\"a\\u0000b\",\"c\\r\\nDEL d\"]"))
        .containsExactly("SET", "a\0b", "c\r\nDEL d");
  }

  @Test
  void readsEveryCodePointThatCanBeEscaped() {
    for (int unit = 0; unit < 0x10000; unit++) {
      if (!Character.isSurrogate((char) unit)) {
        assertThat(one("[\"" + escape(unit) + "\"]")).containsExactly(Character.toString(unit));
      }
    }
    for (int codePoint = 0x10000; codePoint <= Character.MAX_CODE_POINT; codePoint += 0x3FF) {
      String pair =
          escape(Character.highSurrogate(codePoint)) + escape(Character.lowSurrogate(codePoint));
      assertThat(one("[\"" + pair + "\"]")).containsExactly(Character.toString(codePoint));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "\\ud800, \uFFFD",
    "\\udc00, \uFFFD",
    "\\ud800x, \uFFFDx",
    "\\ud800\\n, '\uFFFD\n'",
    "\\ud800\\u0041, \uFFFDA",
    "\\ud800\\ud800, \uFFFD\uFFFD",
    "\\ud800\\ud83d\\ude00, \uFFFD\uD83D\uDE00",
    "\\udc00\\ud800, \uFFFD\uFFFD"
  })
  void replacesALoneSurrogateWhichNoUtf8CanHold(String escaped, String text) {
    assertThat(one("[\"" + escaped + "\"]")).containsExactly(text);
  }

  @Test
  void letsBytesPassThatAreNotUtf8() {
    byte[] body = "[\"\u0080\u00FF\\n\u00C3(\"]".getBytes(ISO_8859_1);
    CommandBatch batch = JsonCommands.one(body, body.length, ByteBudget.unlimited());
    assertThat(batch.bytes(0, 0)).isEqualTo("\u0080\u00FF\n\u00C3(".getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "{}",
        "\"GET\"",
        "1",
        "null",
        "[",
        "[]",
        "[ ]",
        "]",
        "[,]",
        "[\"a\",]",
        "[,\"a\"]",
        "[\"a\",,\"b\"]",
        "[\"a\" \"b\"]",
        "[\"a\"\"b\"]",
        "[\"a\"]]",
        "[\"a\"] x",
        "[\"a\"][\"b\"]",
        "[\"a\"},",
        "[\"a\":1]",
        "[01]",
        "[-]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[1.e2]",
        "[1e]",
        "[1e+]",
        "[--1]",
        "[1 2]",
        "[0x1]",
        "[1_0]",
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        "[tru]",
        "[True]",
        "[truee]",
        "[falsehood]",
        "[undefined]",
        "['a']",
        "[a]",
        "[\"a]",
        "[\"\\x41\"]",
        "[\"\\\"]",
        "[\"\\u12\"]",
        "[\"\\u12g4\"]",
        "[\"\\u-123\"]",
        "[\"\\U0041\"]",
        "[\"\\ud800\\u12\"]",
        "[\"\\ud800\\uzzzz\"]",
        "[\"a\nb\"]",
        "[\"a\0b\"]",
        "[\"a\\n\tb\"]",
        "[\"a\u001fb\"]",
        "[\"a\"]\0",
        "\uFEFF[\"a\"]",
        "[\"a\"/**/]",
        "[\u00a0\"a\"]"
      })
  void refusesWhatIsNotACommandInJson(String json) {
    assertRefused(json).hasMessageStartingWith("ERR ");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "[\"GET\",null] > null is not an argument",
        "[null] > null is not an argument",
        "[\"GET\",[\"k\"]] > nested arguments are not allowed",
        "[\"GET\",{\"k\":1}] > nested arguments are not allowed",
        "[[\"GET\",\"k\"]] > nested arguments are not allowed",
        "[] > empty command",
        "[\"GET\",\"k\" > the JSON ends too early, after 10 bytes",
        "[\"GET\",?] > unexpected byte '?' at offset 7",
        "[01] > unexpected byte '1' at offset 2",
        "[\"GET\" \"k\"] > unexpected byte '\"' at offset 7",
        "[\"GET\"x > unexpected byte 'x' at offset 6",
        "[\"GET\"]] > unexpected byte ']' at offset 7",
        "[\"\\x\"] > unexpected byte 'x' at offset 3",
      })
  void saysWhatIsWrong(String json, String message) {
    assertRefused(json).hasMessageContaining(message);
  }

  @Test
  void answersEveryTruncationWithAFaultThoughMoreBytesLieBehind() {
    byte[] sample =
        "[[\"SET\",\"k\\u00e9\\ud83d\\ude00\\\\\",-1.5e+3,true,false],[\"GET\",\"k\"]]"
            .getBytes(UTF_8);
    for (int length = 0; length < sample.length; length++) {
      int cut = length;
      assertThatExceptionOfType(HttpFault.class)
          .as("cut after %d bytes", length)
          .isThrownBy(() -> JsonCommands.many(sample.clone(), cut, 10, ByteBudget.unlimited()))
          .satisfies(fault -> assertThat(fault.status()).isEqualTo(400))
          .withMessageContaining("too early, after " + length + " bytes");
    }
    assertThat(JsonCommands.many(sample, sample.length, 10, ByteBudget.unlimited()).size())
        .isEqualTo(2);
  }

  @Test
  void readsManyCommands() {
    CommandBatch batch = many("[ [\"SET\",\"k\",1] , [\"GET\",\"k\"],[\"PING\"]]", 3);
    assertThat(batch.size()).isEqualTo(3);
    assertThat(arguments(batch, 0)).containsExactly("SET", "k", "1");
    assertThat(arguments(batch, 1)).containsExactly("GET", "k");
    assertThat(arguments(batch, 2)).containsExactly("PING");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "[] > empty pipeline",
        "[[]] > empty command",
        "[[\"PING\"],[]] > empty command",
        "[\"PING\"] > a pipeline is a JSON array of commands",
        "[[\"PING\"],\"PING\"] > a pipeline is a JSON array of commands",
        "[[\"PING\"],] > a pipeline is a JSON array of commands",
        "[[\"PING\"],null] > a pipeline is a JSON array of commands",
        "[[\"GET\",[\"k\"]]] > nested arguments",
        "[[\"PING\"],[\"PING\"],[\"PING\"]] > Limit: 2 commands, Actual: 3 commands",
        "[[\"A\"],[\"B\"],[\"C\",1,true],[],[\"\\u0041\"]] > Limit: 2 commands, Actual: 5 commands",
        "[[\"A\"],[\"B\"],[\"C\",[]]] > nested arguments",
        "[[\"A\"],[\"B\"],[\"C\" > too early",
      })
  void refusesPipelinesThatAreNone(String json, String message) {
    assertThatExceptionOfType(HttpFault.class)
        .isThrownBy(() -> many(json, 2))
        .satisfies(fault -> assertThat(fault.status()).isEqualTo(400))
        .withMessageStartingWith("ERR ")
        .withMessageContaining(message);
  }

  /** Whatever a few wrong bytes make of a command, we and Jackson find the same in it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void readsExactlyWhatJacksonReads(long seed) {
    var random = new Random(seed);
    byte[] sample =
        "[\"SET\", \"k\\u00e9\\\\\\n\",-1.50e+3,true ,0,false,\"\",\"ab/c\"]".getBytes(UTF_8);
    byte[] alphabet = "\"\\,[]{}:-+.eEu0159atrn \t\u0001/bf\0".getBytes(UTF_8);
    for (int round = 0; round < 10_000; round++) {
      byte[] body = sample.clone();
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        body[random.nextInt(body.length)] = alphabet[random.nextInt(alphabet.length)];
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(body.length) : body.length;
      Optional<List<String>> ours = ours(body.clone(), length);
      Optional<List<String>> theirs = jacksons(new String(body, 0, length, UTF_8));
      assertThat(ours).as(new String(body, 0, length, UTF_8)).isEqualTo(theirs);
    }
  }

  private static Optional<List<String>> ours(byte[] body, int length) {
    try {
      return Optional.of(arguments(JsonCommands.one(body, length, ByteBudget.unlimited()), 0));
    } catch (HttpFault fault) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> jacksons(String body) {
    try {
      JsonNode root = JACKSON.readTree(body);
      if (!root.isArray() || root.isEmpty()) {
        return Optional.empty();
      }
      var arguments = new ArrayList<String>();
      // Jackson does not keep how a number was written, so that is cut out of the text.
      List<String> numbers = numbers(body);
      for (JsonNode element : root) {
        if (element.isNull() || element.isContainer()) {
          return Optional.empty();
        }
        arguments.add(element.isNumber() ? numbers.remove(0) : element.asString());
      }
      return Optional.of(arguments);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static List<String> numbers(String validJson) {
    String withoutStrings = validJson.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"");
    return new ArrayList<>(
        Arrays.stream(withoutStrings.split("[\\[\\], \t\n\r]+", -1))
            .filter(it -> it.matches("[-0-9].*"))
            .toList());
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(String json) {
    return assertThat(catchThrowable(() -> one(json)))
        .isInstanceOfSatisfying(
            HttpFault.class, fault -> assertThat(fault.status()).isEqualTo(400));
  }

  private static List<String> one(String json) {
    byte[] body = json.getBytes(UTF_8);
    CommandBatch batch = JsonCommands.one(body, body.length, ByteBudget.unlimited());
    assertThat(batch.size()).isEqualTo(1);
    return arguments(batch, 0);
  }

  private static CommandBatch many(String json, int most) {
    byte[] body = json.getBytes(UTF_8);
    return JsonCommands.many(body, body.length, most, ByteBudget.unlimited());
  }

  private static List<String> arguments(CommandBatch batch, int command) {
    var arguments = new ArrayList<String>();
    for (int i = 0; i < batch.arity(command); i++) {
      arguments.add(batch.text(command, i));
    }
    return arguments;
  }

  private static String escape(int unit) {
    return String.format("\\u%04x", unit);
  }
}
