package dev.larder.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.net.RespClient;
import dev.larder.embedded.net.RespError;
import dev.larder.embedded.system.DirectoryLock;
import dev.larder.embedded.system.ProcessIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class EmbeddedRedisTest {
  @TempDir Path temp;

  @Test
  void answersOnLoopbackOnlyWithItsPassword() throws IOException {
    try (var redis = EmbeddedRedis.start()) {
      assertThat(redis.uri()).matches("redis://:[0-9a-f]{64}@127\\.0\\.0\\.1:\\d+");
      assertThat(ask(redis, "PING")).isEqualTo("PONG");
      try (var stranger = RespClient.connect(port(redis))) {
        assertThatExceptionOfType(RespError.class)
            .isThrownBy(() -> stranger.text("GET", "a"))
            .withMessageContaining("NOAUTH");
      }
      assertThat(ask(redis, "CONFIG", "GET", "bind")).isEqualTo("bind\n127.0.0.1");
    }
  }

  @Test
  void showsItsPasswordNeitherInWordsNorOnTheCommandLine() throws IOException {
    try (var redis = EmbeddedRedis.start()) {
      assertThat(redis.toString()).contains(redis.address()).doesNotContain(password(redis));
      assertThat(ProcessHandle.of(redis.pid()).orElseThrow().info().commandLine().orElse(""))
          .doesNotContain(password(redis));
      Path conf = redis.directory().resolve("redis.conf");
      assertThat(conf).content(UTF_8).contains(password(redis));
      assertThat(mode(conf)).isEqualTo("rw-------");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void givesAFurtherUserHisRightsAndNoOthersAlsoInScriptsAndAfterItDied(EngineBinary binary)
      throws IOException {
    try (var redis =
        EmbeddedRedis.start(
            it -> it.binary(binary).user("reader", engine -> "~* +@read +eval +ping"))) {
      String uri = redis.uri("reader");
      assertThat(uri).matches("redis://reader:[0-9a-f]{64}@127\\.0\\.0\\.1:\\d+");
      assertThat(password(uri)).isNotEqualTo(password(redis));
      ask(redis, "SET", "a", "1");
      assertReadsOnly(uri);
      long killed = redis.pid();
      ProcessHandle.of(killed).orElseThrow().destroyForcibly();
      await().atMost(ofSeconds(30)).until(() -> redis.pid() != killed);
      await()
          .atMost(ofSeconds(30))
          .ignoreExceptions()
          .until(() -> ask(redis, "PING").equals("PONG"));
      assertThat(redis.uri("reader")).isEqualTo(uri);
      assertReadsOnly(uri);
      assertThat(ProcessHandle.of(redis.pid()).orElseThrow().info().commandLine().orElse(""))
          .doesNotContain(password(uri));
    }
  }

  private static void assertReadsOnly(String uri) throws IOException {
    try (var reader =
        RespClient.connect(
            URI.create(uri).getPort(), it -> it.user("reader").password(password(uri)))) {
      assertThat(reader.text("GET", "a")).isEqualTo("1");
      assertThatExceptionOfType(RespError.class)
          .isThrownBy(() -> reader.text("SET", "a", "2"))
          .withMessageContaining("NOPERM");
      assertThatExceptionOfType(RespError.class)
          .isThrownBy(() -> reader.text("EVAL", "return redis.call('SET','a','2')", "0"))
          .withMessageContaining("can't run this command");
      assertThat(reader.text("GET", "a")).isEqualTo("1");
    }
  }

  @Test
  void knowsNoUserThatItDidNotMake() {
    try (var redis = EmbeddedRedis.start(it -> it.user("reader", engine -> "~* +@read"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> redis.uri("writer"))
          .withMessage("no user 'writer' was made, but [reader]");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedRedis.start(it -> it.user("a b", engine -> "+@all")))
        .withMessage("a user's name is of A-Z a-z 0-9 _ - only, and not 'default', was 'a b'");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void saysBusyAfterTheGivenTime(EngineBinary binary) throws IOException {
    try (var redis =
        EmbeddedRedis.start(it -> it.binary(binary).busyAfter(Duration.ofMillis(1_234)))) {
      assertThat(ask(redis, "CONFIG", "GET", "lua-time-limit")).endsWith("1234");
    }
  }

  private static List<EngineBinary> engines() {
    return List.of(EngineBinary.bundled(), EngineBinary.newest());
  }

  private static String password(String uri) {
    return URI.create(uri).getUserInfo().replaceAll("^.*:", "");
  }

  @Test
  void deletesItsTemporaryDirectoryAtClose() throws IOException {
    var redis = EmbeddedRedis.start();
    ask(redis, "SET", "a", "1");
    Optional<ProcessHandle> engine = ProcessHandle.of(redis.pid());
    redis.close();
    redis.close();
    assertThat(redis.directory()).doesNotExist();
    assertThat(engine.filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void keepsItsDataInAPrivateDirectory() throws IOException {
    Path directory = temp.resolve("with a space/data");
    try (var redis = EmbeddedRedis.start(it -> it.directory(directory))) {
      assertThat(mode(directory)).isEqualTo("rwx------");
      ask(redis, "SET", "a", "1");
    }
    try (var redis = EmbeddedRedis.start(it -> it.directory(directory))) {
      assertThat(ask(redis, "GET", "a")).isEqualTo("1");
      try (var files = Files.walk(directory)) {
        assertThat(files.filter(Files::isRegularFile).map(EmbeddedRedisTest::mode))
            .containsOnly("rw-------");
      }
    }
  }

  @Test
  void isStartedAgainOnTheSameAddressWhenItDies() throws IOException {
    try (var redis = EmbeddedRedis.start()) {
      String uri = redis.uri();
      for (int i = 0; i < 3; i++) {
        long killed = redis.pid();
        ask(redis, "SET", "round", "" + i);
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        await().atMost(ofSeconds(30)).until(() -> redis.pid() != killed);
        await()
            .atMost(ofSeconds(30))
            .ignoreExceptions()
            .until(() -> ask(redis, "PING").equals("PONG"));
        assertThat(ask(redis, "GET", "round")).isEqualTo("" + i);
      }
      assertThat(redis.uri()).isEqualTo(uri);
    }
  }

  @Test
  void isStartedAgainWhenItsGuardDies() {
    try (var redis = EmbeddedRedis.start()) {
      var before = ProcessIdentity.of(redis.pid()).orElseThrow();
      ProcessHandle.of(before.pid()).flatMap(ProcessHandle::parent).orElseThrow().destroyForcibly();
      await().atMost(ofSeconds(30)).until(() -> redis.pid() != before.pid());
      await()
          .atMost(ofSeconds(30))
          .ignoreExceptions()
          .until(() -> ask(redis, "PING").equals("PONG"));
      assertThat(before.isAlive()).isFalse();
    }
  }

  @Test
  void endsForGoodWhenClosedWhileItIsStartedAgain() {
    for (int i = 0; i < 5; i++) {
      var redis = EmbeddedRedis.start();
      ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
      redis.close();
      assertThat(ProcessHandle.of(redis.pid()).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(redis.directory()).doesNotExist();
    }
  }

  @Test
  void refusesASecondHolderAndNamesTheFirst() {
    try (var first = EmbeddedRedis.start(it -> it.directory(temp).owner("http://127.0.0.1:8079"))) {
      assertThatExceptionOfType(EmbeddedRedisException.class)
          .isThrownBy(
              () ->
                  EmbeddedRedis.start(it -> it.directory(temp.resolve("../" + temp.getFileName()))))
          .withMessageContainingAll(temp.toString(), "http://127.0.0.1:8079", first.address());
    }
    EmbeddedRedis.start(it -> it.directory(temp)).close();
  }

  @Test
  void refusesAFileInPlaceOfTheDirectory() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertRefused(file, "it is a file");
    assertRefused(file.resolve("below"), "Not a directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/proc/larder", "/sys/larder"})
  void refusesADirectoryThatCannotBeMade(String directory) {
    assertRefused(Path.of(directory), "cannot use " + directory + " as the data directory: ");
  }

  @Test
  void refusesADirectoryInWhichEverybodyMayWrite() throws IOException {
    Files.createFile(temp.resolve("of somebody else"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRefused(temp, "everybody may write in it");
  }

  @Test
  void leavesTheModeOfADirectoryWithOtherThingsAlone() throws IOException {
    Files.createFile(temp.resolve("of somebody else"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    EmbeddedRedis.start(it -> it.directory(temp)).close();
    assertThat(temp.resolve("of somebody else")).exists();
    assertThat(mode(temp)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void saysWhatTheEngineSaidWhenItDoesNotStart() throws IOException {
    try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
      ask(redis, "SET", "a", "1");
    }
    try (var files = Files.walk(temp)) {
      Path aof =
          files
              .filter(it -> it.toString().endsWith(".incr.aof"))
              .findFirst()
              .orElse(temp.resolve("appendonly.aof"));
      Files.writeString(aof, "*3\r\n$3\r\nSET\r\n$1\r\na\r\nnonsense\r\n*1\r\n$4\r\nPING\r\n");
    }
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> EmbeddedRedis.start(it -> it.directory(temp)))
        .withMessageContainingAll("ended before it answered", "Bad file format");
  }

  @Test
  void releasesATemporaryDirectoryThatItCannotDeleteAndSaysSo() throws IOException {
    var redis = EmbeddedRedis.start();
    Path inner = temp.resolve("inner");
    Files.createDirectories(longPath(inner));
    Path outer = Files.createDirectories(longPath(redis.directory())).resolve("inner");
    Files.move(inner, outer);
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(redis::close)
        .withMessageContainingAll(redis.directory().toString(), "File name too long");
    Files.move(outer, inner);
    DirectoryLock.acquire(redis.directory(), "somebody else").close();
    EmbeddedRedis.start().close();
    assertThat(redis.directory()).doesNotExist();
  }

  /** Two of which are longer than a path may be. */
  private static Path longPath(Path start) {
    Path path = start;
    for (int i = 0; i < 10; i++) {
      path = path.resolve("x".repeat(250));
    }
    return path;
  }

  @Test
  void refusesADirectoryWhereTheEngineOfAnEarlierRunDoesNotEnd() throws IOException {
    // The one process that certainly cannot be ended.
    var self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    Path record = temp.resolve("process.properties");
    Files.writeString(record, "pid=" + self.pid() + "\nstarted=" + self.started() + "\n");
    assertRefused(temp, "process " + self.pid() + ", does not end");
    Files.delete(record);
    EmbeddedRedis.start(it -> it.directory(temp)).close();
  }

  @Test
  void leavesTheDirectoryToTheOlderEngineWhenANewerOneDoesNotStart() throws IOException {
    try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
      ask(redis, "SET", "a", "1");
    }
    Path broken = Files.writeString(temp.resolve("redis-server"), "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));
    var newer =
        new EngineBinary(
            EngineBinary.newest().product(),
            new EngineVersion(99, 0, 0),
            broken,
            EngineBinary.Origin.PATH);
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> EmbeddedRedis.start(it -> it.directory(temp).binary(newer)))
        .withMessageContaining("ended before it answered");
    try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
      assertThat(ask(redis, "GET", "a")).isEqualTo("1");
    }
  }

  @Test
  void refusesADirectoryWithASnapshotThatItWouldNotRead() throws IOException {
    var settings = new EngineSettings(EngineBinary.newest(), temp, "", List.of());
    try (var engine = EngineProcess.startOnFreePort(settings)) {
      engine.command("SET", "a", "1");
      engine.command("SAVE");
    }
    assertRefused(temp, "it holds dump.rdb but no append-only file");
    assertThat(temp.resolve("dump.rdb")).exists();
    assertThat(temp.resolve("appendonlydir")).doesNotExist();
  }

  private static void assertRefused(Path directory, String why) {
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> EmbeddedRedis.start(it -> it.directory(directory)))
        .withMessageContainingAll(directory.toString(), why);
  }

  static String ask(EmbeddedRedis redis, String... command) throws IOException {
    return ask(redis.uri(), command);
  }

  static String ask(String uri, String... command) throws IOException {
    URI parsed = URI.create(uri);
    String password = parsed.getUserInfo().substring(1);
    try (var client = RespClient.connect(parsed.getPort(), it -> it.password(password))) {
      return client.text(command);
    }
  }

  private static String password(EmbeddedRedis redis) {
    return URI.create(redis.uri()).getUserInfo().substring(1);
  }

  private static int port(EmbeddedRedis redis) {
    return URI.create(redis.uri()).getPort();
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
