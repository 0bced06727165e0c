package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.server.http.auth.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ServeCommandTest {
  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void keepsItsTokenAside() {
    environment.put("LARDER_DATA", directory.toString());
  }

  @Test
  void servesThisMachineUnlessToldOtherwise() {
    Settings settings = settings();
    assertThat(settings.listen()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8079);
    assertThat(settings.url()).isEqualTo("http://127.0.0.1:8079");
    assertThat(settings.loopback()).isTrue();
    assertThat(settings.redis()).isNull();
    assertThat(settings.eventLoops()).isEqualTo(1);
    assertThat(settings.accessLog()).isFalse();
    assertThat(settings.acceptVulnerableEngine()).isFalse();
    assertThat(settings.limits().requestBytes()).isEqualTo(10 * 1024 * 1024);
    assertThat(settings.limits().pipelineCommands()).isEqualTo(10_000);
    assertThat(settings.limits().engine().budget()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void keepsItsDataBesideWhereItWasStarted() {
    environment.clear();
    assertThat(settings("--token", "12345678").data()).isEqualTo(Path.of(".larder"));
  }

  @ParameterizedTest(name = "flag {0}, environment {1}, file {2}: {3}")
  @CsvSource({
    "9001, 9002, 9003, 9001",
    "9001, '', '', 9001",
    "'', 9002, 9003, 9002",
    "'', ' 9002 ', '', 9002",
    "'', '', 9003, 9003",
    "'', ' ', 9003, 9003",
    "'', '', '', 8079"
  })
  void takesThePortFromFlagThenEnvironmentThenFile(String flag, String env, String file, int port)
      throws IOException {
    assertThat(settings("--port", flag, "LARDER_PORT", env, "port: " + file).port())
        .isEqualTo(port);
  }

  @ParameterizedTest(name = "flag {0}, environment {1}, file {2}: {3}")
  @CsvSource({
    "redis://a, redis://b, redis://c, redis://a",
    "'', redis://b, redis://c, redis://b",
    "'', '', redis://c, redis://c"
  })
  void takesTheEngineFromFlagThenEnvironmentThenFile(
      String flag, String env, String file, String redis) throws IOException {
    assertThat(settings("--redis", flag, "LARDER_REDIS", env, "redis: " + file).redis())
        .isEqualTo(redis);
  }

  @ParameterizedTest(name = "flag {0}, environment {1}, file {2}: {3}")
  @CsvSource({"a, b, c, a", "'', b, c, b", "'', '', c, c"})
  void takesTheDataDirectoryFromFlagThenEnvironmentThenFile(
      String flag, String env, String file, String data) throws IOException {
    environment.put("LARDER_TOKEN", "12345678");
    assertThat(settings("--data", flag, "LARDER_DATA", env, "data: " + file).data())
        .isEqualTo(Path.of(data));
  }

  @Test
  void takesTheConfigurationFromFlagThenEnvironment() throws IOException {
    Path flags = Files.writeString(directory.resolve("flag.yaml"), "listen: 127.0.0.2");
    Path environments = Files.writeString(directory.resolve("env.yaml"), "listen: 127.0.0.3");
    environment.put("LARDER_CONFIG", environments.toString());
    assertThat(settings().listen()).isEqualTo("127.0.0.3");
    assertThat(settings("--config", flags.toString()).listen()).isEqualTo("127.0.0.2");
  }

  @Test
  void takesTheTokenFromFlagThenEnvironmentAndLetsThoseOfTheFileInToo() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("larder.yaml"), "tokens: [{name: app, token: of-the-file}]");
    environment.put("LARDER_CONFIG", file.toString());
    assertThat(settings().tokens()).extracting(Token::secret).containsExactly("of-the-file");
    environment.put("LARDER_TOKEN", "of-the-environment");
    assertThat(settings().tokens())
        .extracting(Token::secret)
        .containsExactly("of-the-environment", "of-the-file");
    assertThat(settings("--token", "of-the-flag").tokens())
        .extracting(Token::secret)
        .containsExactly("of-the-flag", "of-the-file");
    assertThat(directory.resolve("token")).doesNotExist();
  }

  @Test
  void makesATokenOnceWhereNoneIsGiven() {
    String made = settings().tokens().get(0).secret();
    assertThat(made).hasSizeGreaterThanOrEqualTo(40);
    assertThat(settings().tokens()).extracting(Token::secret).containsExactly(made);
    assertThat(settings().tokens()).extracting(Token::name).containsExactly("default");
  }

  @Test
  void takesAFreePortForZero() {
    assertThat(settings("--port", "0").port()).isBetween(1024, 65_535);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536"})
  void refusesPortsThatAreNone(String port) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> settings("--port", port))
        .withMessage("the port must be from 0 to 65535, was " + port);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "http, 'LARDER_PORT must be a number from 0 to 65535, was ''http'''",
    "65536, 'the port must be from 0 to 65535, was 65536'"
  })
  void refusesAPortOfTheEnvironmentThatIsNone(String port, String why) {
    environment.put("LARDER_PORT", port);
    assertThatExceptionOfType(StartException.class).isThrownBy(() -> settings()).withMessage(why);
  }

  @Test
  void refusesATokenThatIsEasilyGuessedWithoutShowingIt() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> settings("--token", "hunter2"))
        .withMessageContaining("at least 8 characters, had 7")
        .withMessageNotContaining("hunter2");
  }

  @ParameterizedTest(name = "{0} is reached at {1}")
  @CsvSource({
    "0.0.0.0, http://127.0.0.1:8079, false",
    "'::', http://127.0.0.1:8079, false",
    "'::1', http://[::1]:8079, true",
    "127.0.0.1, http://127.0.0.1:8079, true",
    "10.1.2.3, http://10.1.2.3:8079, false"
  })
  void tellsByWhichUrlItIsReached(String listen, String url, boolean loopback) throws IOException {
    Path file = Files.writeString(directory.resolve("larder.yaml"), "listen: '" + listen + "'");
    Settings settings = settings("--config", file.toString());
    assertThat(settings.url()).isEqualTo(url);
    assertThat(settings.loopback()).isEqualTo(loopback);
  }

  private Settings settings(String flag, String given, String variable, String env, String yaml)
      throws IOException {
    environment.put(variable, env);
    environment.put(
        "LARDER_CONFIG", Files.writeString(directory.resolve("larder.yaml"), yaml).toString());
    return given.isEmpty() ? settings() : settings(flag, given);
  }

  private Settings settings(String... arguments) {
    var command = new ServeCommand(environment);
    new CommandLine(command).parseArgs(arguments);
    return command.settings();
  }
}
