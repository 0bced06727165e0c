package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.embedded.EngineBinary.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineBinaryTest {
  @TempDir Path temp;

  @Test
  void bringsARedis62Along() {
    EngineBinary bundled = EngineBinary.bundled();
    assertThat(bundled.origin()).isEqualTo(Origin.BUNDLED);
    assertThat(bundled.version().isAtLeast(6, 2)).isTrue();
    assertThat(bundled.version().isAtLeast(7, 0)).isFalse();
    assertThat(bundled.knownVulnerability()).isPresent();
  }

  @Test
  void isUnpackedOnceAndAgainOnlyIfSomebodyTamperedWithIt() throws IOException {
    String resource =
        BundledEngine.resource(System.getProperty("os.name"), System.getProperty("os.arch"))
            .orElseThrow();
    Path file = BundledEngine.extract(resource, temp);
    var unpacked = Files.readAttributes(file, "unix:ino").get("ino");
    assertThat(BundledEngine.extract(resource, temp)).isEqualTo(file);
    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(unpacked);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwx------");
    long size = Files.size(file);
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(BundledEngine.extract(resource, temp)).isEqualTo(file).hasSize(size);
  }

  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource({
    "Linux, amd64, redis-server-6.2.6-v5-linux-amd64",
    "Linux, aarch64, redis-server-6.2.7-linux-arm64",
    "Linux, i386, redis-server-6.2.7-linux-386",
    "Mac OS X, x86_64, redis-server-6.2.6-v5-darwin-amd64",
    "Mac OS X, aarch64, redis-server-6.2.6-v5-darwin-arm64",
    "Linux, riscv64, ",
    "Windows 11, amd64, ",
  })
  void isPickedBySystemAndProcessor(String os, String arch, String resource) {
    assertThat(BundledEngine.resource(os, arch).orElse(null)).isEqualTo(resource);
  }

  @Test
  void namesTheLibraryThatTheMachineLacks() throws IOException {
    Path engine =
        script(
            temp,
            "redis-server",
            "echo \"$0: error while loading shared libraries: libssl.so.3: cannot open shared object"
                + " file: No such file or directory\" >&2; exit 127");
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> BundledEngine.identify(engine))
        .withMessageContainingAll("lacks libssl.so.3", "install Valkey 8.1.4 or newer");
  }

  @Test
  void isTheNewestOnThePathByItsNumbers() throws IOException {
    Path a = Files.createDirectory(temp.resolve("a"));
    Path b = Files.createDirectory(temp.resolve("b"));
    script(a, "redis-server", "echo Redis server v=8.2.2 sha=00000000:0 malloc=libc bits=64");
    script(b, "redis-server", "echo Redis server v=6.0.16 sha=00000000:0 malloc=libc bits=64");
    script(b, "valkey-server", "echo Valkey server v=10.0.1 sha=00000000:0 malloc=libc bits=64");
    Path c = Files.createDirectory(temp.resolve("c"));
    script(c, "redis-server", "echo Something else v=9.9.9");
    Files.createSymbolicLink(c.resolve("valkey-server"), a.resolve("redis-server"));
    assertThat(EngineSearch.on(a + ":" + b + "::" + c + ":" + temp.resolve("missing")))
        .extracting(EngineBinary::toString)
        .containsExactly(
            "Valkey 10.0.1 (" + b.resolve("valkey-server") + ")",
            "Redis 8.2.2 (" + a.resolve("redis-server") + ")");
  }

  private static Path script(Path directory, String name, String body) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }
}
