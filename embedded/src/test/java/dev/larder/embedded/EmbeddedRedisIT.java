package dev.larder.embedded;

import static dev.larder.embedded.EmbeddedRedisTest.ask;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.EngineBinary.Origin;
import dev.larder.embedded.net.RespClient;
import dev.larder.embedded.system.SystemCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Execution(ExecutionMode.CONCURRENT)
class EmbeddedRedisIT {
  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource
  void endsByItselfWhenItsOwnerIsKilled(Origin origin) throws IOException {
    try (var holder = holder(origin)) {
      ask(holder.uri(), "SET", "a", "1");
      kill(holder.jvm());
      await().atMost(ofSeconds(30)).until(() -> !holder.engine().isAlive());
    }
    try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
      assertThat(ask(redis, "GET", "a")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFoundAndEndedByTheNextStartWhenItsGuardWasKilledToo(Origin origin) throws IOException {
    try (var holder = holder(origin)) {
      ask(holder.uri(), "SET", "a", "1");
      List<ProcessHandle> guard = holder.guard();
      assertThat(guard).hasSizeGreaterThanOrEqualTo(2);
      // Paused, the owner cannot notice that the guard is gone before it is killed itself.
      signal("STOP", holder.jvm().pid());
      guard.forEach(ProcessHandle::destroyForcibly);
      kill(holder.jvm());
      assertThat(holder.engine().isAlive()).isTrue();
      try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
        assertThat(holder.engine().isAlive()).isFalse();
        assertThat(ask(redis, "GET", "a")).isEqualTo("1");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatItAcknowledgedTwoSecondsBeforeAllWereKilled(Origin origin) throws IOException {
    try (var holder = holder(origin)) {
      int promised = writeForThreeSeconds(holder.uri());
      signal("STOP", holder.jvm().pid());
      holder.guard().forEach(ProcessHandle::destroyForcibly);
      holder.engine().kill();
      kill(holder.jvm());
      try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
        assertThat(Integer.parseInt(ask(redis, "GET", "written"))).isGreaterThanOrEqualTo(promised);
      }
    }
  }

  /** Writes one number after the other; returns the last acknowledged two seconds ago. */
  private static int writeForThreeSeconds(String uri) throws IOException {
    URI parsed = URI.create(uri);
    long start = System.nanoTime();
    int written = 0;
    int promised = 0;
    try (var client =
        RespClient.connect(
            parsed.getPort(), it -> it.password(parsed.getUserInfo().substring(1)))) {
      while (System.nanoTime() - start < ofSeconds(3).toNanos()) {
        written++;
        client.text("SET", "written", "" + written);
        if (System.nanoTime() - start < ofSeconds(1).toNanos()) {
          promised = written;
        }
      }
    }
    return promised;
  }

  @Test
  void endsByItselfWhenTheProcessGroupOfItsOwnerIsKilled() throws IOException {
    assumeHasSetsid();
    try (var holder = holder(Origin.BUNDLED)) {
      signal("KILL", -holder.jvm().pid());
      await().atMost(ofSeconds(30)).until(() -> !holder.engine().isAlive());
    }
  }

  @Test
  void isEndedAndItsTemporaryDirectoryDeletedByTheNextStartWhenAllElseWasKilled()
      throws IOException {
    try (var holder = EngineHolder.start(Origin.BUNDLED, Optional.empty())) {
      signal("STOP", holder.jvm().pid());
      holder.guard().forEach(ProcessHandle::destroyForcibly);
      kill(holder.jvm());
      try (var redis = EmbeddedRedis.start()) {
        assertThat(holder.engine().isAlive()).isFalse();
        assertThat(holder.directory()).doesNotExist();
        assertThat(redis.directory()).exists();
      }
    }
  }

  @Test
  void leavesTheTemporaryDirectoriesOfThoseWhoLiveAlone() throws IOException {
    try (var holder = EngineHolder.start(Origin.BUNDLED, Optional.empty());
        var own = EmbeddedRedis.start();
        var other = EmbeddedRedis.start()) {
      assertThat(holder.engine().isAlive()).isTrue();
      assertThat(ask(holder.uri(), "PING")).isEqualTo("PONG");
      assertThat(List.of(holder.directory(), own.directory(), other.directory()))
          .allSatisfy(it -> assertThat(it).exists());
    }
  }

  @Test
  void keepsItsOwnersSecretsFromItsEngine() throws IOException {
    try (var holder = holder(Origin.BUNDLED)) {
      assertThat(environment(holder.jvm()))
          .contains(EngineHolder.SECRETS.keySet().toArray(String[]::new));
      // From which the engine has its own, over which it writes its title.
      assertThat(holder.guard()).isNotEmpty();
      for (ProcessHandle process : holder.guard()) {
        assertThat(environment(process)).contains("PATH").doesNotContain("LARDER", "secret");
      }
    }
  }

  private static String environment(ProcessHandle process) throws IOException {
    Path file = Path.of("/proc", "" + process.pid(), "environ");
    assumeThat(file).as("the environment of a process").exists();
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void refusesASecondProcessAndNamesTheFirst() throws IOException {
    try (var holder = holder(Origin.BUNDLED)) {
      assertThatExceptionOfType(EmbeddedRedisException.class)
          .isThrownBy(() -> EmbeddedRedis.start(it -> it.directory(temp)))
          .withMessageContainingAll(
              "the holder", "127.0.0.1:" + URI.create(holder.uri()).getPort());
      assertThat(ask(holder.uri(), "PING")).isEqualTo("PONG");
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingWhenItsOwnerExitsWithoutClosingIt(Origin origin) throws IOException {
    assumePresent(origin);
    try (var holder = EngineHolder.start(origin, Optional.empty())) {
      holder.letGo();
      await().atMost(ofSeconds(30)).until(() -> !holder.jvm().isAlive());
      await().atMost(ofSeconds(30)).until(() -> !holder.engine().isAlive());
      assertThat(holder.directory()).doesNotExist();
    }
  }

  @Test
  void isOfUseToTheShutdownHooksOfAnOwnerEndedByCtrlC() throws IOException {
    assumeHasSetsid();
    assumeThat(EngineHolder.heedingInterrupts())
        .as("a way to undo that SIGINT is ignored: GNU env or perl")
        .isPresent();
    try (var holder = holder(Origin.BUNDLED)) {
      // As a terminal does: to the whole process group.
      signal("INT", -holder.jvm().pid());
      assertThat(holder.nextLine()).isEqualTo("PONG");
      await().atMost(ofSeconds(30)).until(() -> !holder.engine().isAlive());
    }
  }

  private EngineHolder holder(Origin origin) throws IOException {
    assumePresent(origin);
    return EngineHolder.start(origin, Optional.of(temp));
  }

  private static void assumePresent(Origin origin) {
    assumeThat(origin == Origin.BUNDLED || !EngineBinary.onPath().isEmpty())
        .as("an engine on the PATH")
        .isTrue();
  }

  private static void assumeHasSetsid() {
    assumeThat(SystemCommand.run(List.of("setsid", "--version")).status()).as("setsid").isZero();
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    await().atMost(ofSeconds(30)).until(() -> !process.isAlive());
  }

  private static void signal(String name, long pid) {
    assertThat(SystemCommand.run(List.of("/bin/sh", "-c", "kill -" + name + " " + pid)).status())
        .isZero();
  }
}
