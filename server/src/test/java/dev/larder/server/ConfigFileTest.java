package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.larder.server.http.auth.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  @TempDir Path directory;
  private Path file = Path.of("larder.yaml");

  @BeforeEach
  void choose() {
    file = directory.resolve("larder.yaml");
  }

  @Test
  void readsAllThatThereIs() throws IOException {
    Config config =
        read(
            """
            # a comment
            listen: 0.0.0.0
            port: 9000
            redis: redis://127.0.0.1:6379
            data: /var/lib/larder
            secret: a-secret-that-all-nodes-have-the-same
            event-loops: 2
            budget: 500ms
            access-log: true
            limits:
              request-bytes: 1000
              pipeline-commands: 20
              waiting-bytes: 5000000000
              answer-bytes: 30000
              waiting-answer-bytes: 6000000000
              line-bytes: 2000
              header-bytes: 3000
              connections: 40
            timeouts: {idle: 10s, request: 5s, write: 7s}
            cors:
              origins: [https://app.example.com, https://other.example.com]
            tls: {certificate: chain.pem, key: key.pem}
            tokens:
              - {name: app, token: "secret-of-app", access: read-write}
              - name: browser
                token: secret-of-browser
                access: read-only
              - name: other
                token: secret-of-other
            """);
    assertThat(config.listen()).isEqualTo("0.0.0.0");
    assertThat(config.port()).isEqualTo(9000);
    assertThat(config.redis()).isEqualTo("redis://127.0.0.1:6379");
    assertThat(config.data()).isEqualTo("/var/lib/larder");
    assertThat(config.eventLoops()).isEqualTo(2);
    assertThat(config.budget()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.accessLog()).isTrue();
    assertThat(config.limits())
        .isEqualTo(
            new Config.Limits(1000, 20, 5_000_000_000L, 30_000, 6_000_000_000L, 2000, 3000, 40));
    assertThat(config.timeouts())
        .isEqualTo(
            new Config.Timeouts(
                Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(7)));
    assertThat(config.cors())
        .isEqualTo(
            new Config.CorsEntry(List.of("https://app.example.com", "https://other.example.com")));
    assertThat(config.tls()).isEqualTo(new Config.TlsEntry("chain.pem", "key.pem"));
    assertThat(config.tokens())
        .extracting(Config.TokenEntry::toToken)
        .extracting("name", "secret", "access")
        .containsExactly(
            tuple("app", "secret-of-app", Access.READ_WRITE),
            tuple("browser", "secret-of-browser", Access.READ_ONLY),
            tuple("other", "secret-of-other", Access.READ_WRITE));
    assertThat(config.toString()).doesNotContain("secret-of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "port:\n", "port: null\nlimits:\n"})
  void leavesOutWhatIsNotSaid(String yaml) throws IOException {
    assertThat(read(yaml)).isEqualTo(Config.NONE);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"1ms, PT0.001S", "2s, PT2S", "5m, PT5M", "1h, PT1H", "7d, PT168H"})
  void readsDurations(String text, Duration duration) throws IOException {
    assertThat(read("budget: " + text).budget()).isEqualTo(duration);
  }

  @ParameterizedTest(name = "line {1}, key {2}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "port: x                     | 1 | port         | expected a whole number, found 'x'",
        "port: 1.5                   | 1 | port         | expected a whole number, found '1.5'",
        "port: 99999999999           | 1 | port         | expected a whole number",
        "port: 65536                 | 1 | port         | must be from 0 to 65535, was 65536",
        "port: -1                    | 1 | port         | must be from 0 to 65535, was -1",
        "port: [1]                   | 1 | port         | expected a single value",
        "a: 1                        | 1 | a            | no such key; known here are listen, port,",
        "port: 1;prot: 2             | 2 | prot         | no such key",
        "port: 1;port: 2             | 2 | port         | this key stands here twice",
        "eventLoops: 1               | 1 | eventLoops   | no such key",
        "listen: a;event-loops: 0    | 2 | event-loops  | must be from 1 to 256, was 0",
        "event-loops: 257            | 1 | event-loops  | must be from 1 to 256, was 257",
        "budget: 5                   | 1 | budget       | expected a duration such as 500ms, 2s, 5m, 1h or 7d, found '5'",
        "budget: 2 s                 | 1 | budget       | found '2 s'",
        "budget: -2s                 | 1 | budget       | found '-2s'",
        "budget: 0ms                 | 1 | budget       | must be at least 1ms, was 0ms",
        "access-log: yes             | 1 | access-log   | expected true or false, found 'yes'",
        "port: 1;redis: \"\"           | 2 | redis        | must not be empty: give the engine",
        "data: \" \"                 | 1 | data         | must not be empty: give a directory, or leave the key out",
        "listen: \"\"                | 1 | listen       | must not be empty",
        "port: 1;secret: 0123456789abcdef0123456789abcde | 2 | secret | must have at least 32 characters, had 31: make one with openssl",
        "limits: 3                   | 1 | limits       | expected keys and values, such as request-bytes,",
        "limits:;  request-bytes: 0  | 2 | limits.request-bytes | must be at least 1, was 0",
        "limits:;  request-byte: 1   | 2 | limits.request-byte | no such key; known here are request-bytes,",
        "timeouts:;  idle: 0ms       | 2 | timeouts.idle | must be at least 1, was 0",
        "tls: {key: k}               | 1 | tls          | tls needs a certificate and a key",
        "tokens: x                   | 1 | tokens       | expected a list",
        "tokens:;- x                 | 2 | tokens[0]    | expected keys and values, such as name, token, access",
        "tokens:;- {name: a}         | 2 | tokens[0]    | a token entry needs a name and a token",
        "tokens:;- {name: a, token: 12345678};- {name: b, token: 1234567} | 3 | tokens[1].token | token 'b' must have at least 8 characters, had 7",
        "tokens:;- name: a;  token: 12345678;  access: all | 4 | tokens[0].access | expected one of read-write, read-only, found 'all'",
      })
  void namesFileLineAndKeyOfWhatIsWrong(String lines, int line, String key, String why)
      throws IOException {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> read(lines.replace(';', '\n')))
        .withMessageStartingWith(file + ", line " + line + ", key " + key + ": ")
        .withMessageContaining(why);
  }

  @ParameterizedTest(name = "line {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "- a               | , line 1: expected keys and values",
        "just text         | , line 1: expected keys and values",
        "port: 1;  redis: x | , line 2: not YAML: ",
        "a: [1             | , line 1: not YAML: ",
        "a: 'x             | , line 1: not YAML: ",
        "port: 1;---;port: 2 | : not YAML: "
      })
  void namesFileAndLineOfWhatIsNoConfiguration(String lines, String why) throws IOException {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> read(lines.replace(';', '\n')))
        .withMessageStartingWith(file + "")
        .withMessageContaining(why);
  }

  @Test
  void saysThatThereIsNoFile() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> ConfigFile.read(file))
        .withMessage("cannot read the configuration " + file + ": no such file: " + file);
  }

  @Test
  void saysThatTheFileIsNotText() throws IOException {
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xFF});
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> ConfigFile.read(file))
        .withMessageStartingWith("cannot read the configuration " + file + ": malformed input");
  }

  private Config read(String yaml) throws IOException {
    return ConfigFile.read(Files.writeString(file, yaml));
  }
}
