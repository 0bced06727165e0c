package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.UserTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    assertThat(settings("--token", "12345678", "--redis", "redis://a").data())
        .isEqualTo(Path.of(".larder"));
  }

  @ParameterizedTest(name = "flag {0}, environment {1}, file {2}: {3}")
  @CsvSource({
    "9001, 9002, 9003, 9001",
    "9001, '', '', 9001",
    "'', 9002, 9003, 9002",
    "'', ' 9002 ', '', 9002",
    "'', '', 9003, 9003",
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
    environment.put("LARDER_REDIS", "redis://a");
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

  @ParameterizedTest(name = "{0} of {1} characters: {2}")
  @CsvSource({
    "--redis, '', 'name the engine, such as redis://127.0.0.1:6379, or leave it out'",
    "--redis, ' ', 'name the engine, such as redis://127.0.0.1:6379, or leave it out'",
    "--token, '', 'give the token, or leave it out and the node makes one'",
    "--data, '', 'name a directory, or leave it out'",
    "--config, '', 'name a file, or leave it out'",
    "--port, '', 'give a number from 0 to 65535, or leave it out'"
  })
  void refusesWhatIsGivenButEmpty(String flag, String empty, String right) {
    if (!flag.equals("--port")) { // picocli refuses that one itself
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(() -> settings(flag, empty))
          .withMessageStartingWith(flag + " is given but empty: " + right);
    }
    String variable = "LARDER_" + flag.substring(2).toUpperCase(Locale.ROOT);
    environment.put(variable, empty);
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> settings())
        .withMessageStartingWith(variable + " is given but empty: " + right);
    assertThat(directory.resolve("token")).doesNotExist();
  }

  @Test
  void tellsATokenThatItMadeFromOneThatItWasGiven() throws IOException {
    assertThat(settings().madeToken()).isTrue();
    assertThat(settings("--token", "12345678").madeToken()).isFalse();
    Path file =
        Files.writeString(
            directory.resolve("larder.yaml"), "tokens: [{name: app, token: of-the-file}]");
    assertThat(settings("--config", file.toString()).madeToken()).isFalse();
  }

  @Test
  void sealsUsersTokensWithASecretThatItMakesOnlyForAnEngineOfItsOwn() throws IOException {
    var user = new EngineUser("reader", "password");
    String token = sealedBy(settings()).seal(user);
    assertThat(sealedBy(settings()).open(token)).contains(user);
    assertThat(directory.resolve("seal")).isRegularFile();
    assertThat(settings("--redis", "redis://a").userTokens()).isNull();

    Path other = directory.resolve("other");
    Path file =
        Files.writeString(
            directory.resolve("larder.yaml"),
            "secret: a-secret-that-all-nodes-have-the-same\ndata: " + other);
    environment.remove("LARDER_DATA");
    environment.put("LARDER_CONFIG", file.toString());
    String shared = sealedBy(settings("--redis", "redis://a", "--token", "12345678")).seal(user);
    assertThat(sealedBy(settings("--token", "87654321")).open(shared)).contains(user);
    assertThat(other).doesNotExist();
  }

  @Test
  void refusesAFileWhoseSecretCouldBeGuessed() throws IOException {
    Path file = Files.writeString(directory.resolve("seal"), "chosen-by-hand");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> settings())
        .withMessage(
            file + ": a secret for sealing tokens must have at least 32 characters, had 14");
  }

  private static UserTokens sealedBy(Settings settings) {
    return Objects.requireNonNull(settings.userTokens());
  }

  private Settings settings(String flag, String given, String variable, String env, String yaml)
      throws IOException {
    environment.remove(variable);
    if (!env.isEmpty()) {
      environment.put(variable, env);
    }
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
