package dev.larder.embedded;

import dev.larder.embedded.EngineBinary.Origin;
import dev.larder.embedded.system.PrivateFiles;
import dev.larder.embedded.system.SystemCommand;
import dev.larder.embedded.system.TemporaryDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The engine inside the artifact {@code com.github.codemonstur:embedded-redis}, of which only the
 * resources are used. They are named after a version that is not the one they contain.
 */
final class BundledEngine {
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("(?:shared libraries: |Library not loaded: )([^\\s:]+)");

  private BundledEngine() {}

  static EngineBinary extract() {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    String resource =
        resource(os, arch)
            .orElseThrow(
                () ->
                    new EmbeddedRedisException(
                        "there is no bundled engine for "
                            + os
                            + " on "
                            + arch
                            + ": "
                            + KnownVulnerability.BETTER_ENGINE));
    Path file;
    try {
      file = extract(resource, home());
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot unpack the bundled engine: " + e.getMessage(), e);
    }
    return identify(file);
  }

  static EngineBinary identify(Path file) {
    var answer = SystemCommand.run(List.of(file.toString(), "--version"));
    return EngineSearch.identify(file, Origin.BUNDLED, answer.output())
        .orElseThrow(() -> new EmbeddedRedisException(cannotStart(answer.output())));
  }

  static String cannotStart(String output) {
    var missing = MISSING_LIBRARY.matcher(output);
    String why = missing.find() ? "this machine lacks " + missing.group(1) : output;
    return "the bundled Redis cannot start (" + why + "): " + KnownVulnerability.BETTER_ENGINE;
  }

  static Optional<String> resource(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String arch =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          case "x86", "i386", "i686" -> "386";
          default -> "";
        };
    return switch ((os.startsWith("mac") ? "darwin" : os) + " " + arch) {
      case "linux amd64" -> Optional.of("redis-server-6.2.6-v5-linux-amd64");
      case "linux arm64" -> Optional.of("redis-server-6.2.7-linux-arm64");
      case "linux 386" -> Optional.of("redis-server-6.2.7-linux-386");
      case "darwin amd64" -> Optional.of("redis-server-6.2.6-v5-darwin-amd64");
      case "darwin arm64" -> Optional.of("redis-server-6.2.6-v5-darwin-arm64");
      default -> Optional.empty();
    };
  }

  /** Unpacks it once: what is there already is compared byte for byte, for it will be run. */
  static Path extract(String resource, Path home) throws IOException {
    byte[] binary = read(resource);
    String digest = HexFormat.of().formatHex(sha256(binary), 0, 8);
    Path file = home.resolve(resource + "-" + digest);
    if (Files.isExecutable(file) && MessageDigest.isEqual(Files.readAllBytes(file), binary)) {
      return file;
    }
    Path fresh =
        Files.createTempFile(
            home,
            "unpacking-",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      Files.write(fresh, binary);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    return file;
  }

  private static Path home() throws IOException {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home =
        cache == null || !Path.of(cache).isAbsolute()
            ? Path.of(System.getProperty("user.home", "."), ".cache")
            : Path.of(cache);
    Path engines = home.resolve("larder").resolve("engines").toAbsolutePath();
    try {
      Files.createDirectories(engines, PrivateFiles.DIRECTORY);
      Files.setPosixFilePermissions(engines, PosixFilePermissions.fromString("rwx------"));
      if (Files.isWritable(engines)) {
        return engines;
      }
    } catch (IOException e) {
      // No home to speak of, as for a service's user.
    }
    var temporary = TemporaryDirectory.create();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(temporary)));
    return temporary.path();
  }

  private static void delete(TemporaryDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      // The next process that makes a temporary directory deletes it.
    }
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = BundledEngine.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new IOException("the resource " + resource + " is missing");
      }
      return in.readAllBytes();
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
