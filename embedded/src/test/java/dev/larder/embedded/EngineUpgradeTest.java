package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.embedded.EngineBinary.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineUpgradeTest {
  private final EngineBinary old = EngineBinary.bundled();
  private final Optional<EngineBinary> later = laterRedis();
  @TempDir Path temp;

  private static Optional<EngineBinary> laterRedis() {
    return EngineBinary.onPath().stream()
        .filter(it -> it.product() == Product.REDIS && it.version().isAtLeast(7, 0))
        .findFirst();
  }

  @BeforeEach
  void needsALaterRedis() {
    assumeThat(later).as("a redis-server >= 7.0 on the PATH").isPresent();
  }

  @Test
  void migratesTheDataAndThenThereIsNoWayBack() throws IOException {
    write(old);
    assertThat(temp.resolve("appendonly.aof")).exists();
    try (var redis = start(later.orElseThrow())) {
      assertThat(EmbeddedRedisTest.ask(redis, "GET", "a")).isEqualTo("1");
    }
    assertThat(temp.resolve("appendonlydir")).isDirectory();
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> start(old))
        .withMessageContainingAll(
            temp.toString(),
            "written by Redis " + later.orElseThrow().version(),
            "Redis " + old.version() + " cannot read",
            "install Redis 7");
    try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
      assertThat(EmbeddedRedisTest.ask(redis, "GET", "a")).isEqualTo("1");
    }
  }

  @Test
  void knowsTheDataOfALaterEngineWithoutItsRecordToo() throws IOException {
    write(later.orElseThrow());
    Files.delete(temp.resolve("engine.properties"));
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> start(old))
        .withMessageContainingAll(
            temp.toString(),
            "appendonlydir",
            "Redis " + old.version() + " cannot read",
            "install Redis 7.0 or newer");
    try (var redis = EmbeddedRedis.start(it -> it.directory(temp))) {
      assertThat(EmbeddedRedisTest.ask(redis, "GET", "a")).isEqualTo("1");
    }
  }

  @Test
  void readsTheDataOfAnOlderEngineWithoutItsRecord() throws IOException {
    write(old);
    Files.delete(temp.resolve("engine.properties"));
    try (var redis = start(later.orElseThrow())) {
      assertThat(EmbeddedRedisTest.ask(redis, "GET", "a")).isEqualTo("1");
    }
  }

  private void write(EngineBinary binary) throws IOException {
    try (var redis = start(binary)) {
      EmbeddedRedisTest.ask(redis, "SET", "a", "1");
    }
  }

  private EmbeddedRedis start(EngineBinary binary) {
    return EmbeddedRedis.start(it -> it.directory(temp).binary(binary));
  }
}
