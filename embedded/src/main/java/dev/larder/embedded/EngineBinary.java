package dev.larder.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An engine that this machine can run.
 *
 * @param product whose engine it is
 * @param version what it says of itself
 * @param path the executable
 * @param origin where it was found
 */
public record EngineBinary(Product product, EngineVersion version, Path path, Origin origin) {

  /** Whose engine it is. */
  public enum Product {
    /** Redis. */
    REDIS,
    /** Valkey, the fork of Redis 7.2. */
    VALKEY
  }

  /** Where an engine was found. */
  public enum Origin {
    /** Installed on the machine. */
    PATH,
    /** Carried along as a resource of this application. */
    BUNDLED
  }

  /**
   * The newest engine on the PATH, else the bundled one.
   *
   * @throws EmbeddedRedisException if there is neither
   */
  public static EngineBinary newest() {
    return java.util.Optional.<EngineBinary>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /**
   * The engine that this application carries.
   *
   * @throws EmbeddedRedisException if there is none for this machine, or it cannot start here
   */
  public static EngineBinary bundled() {
    return java.util.Optional.<EngineBinary>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** The usable engines on the PATH, the newest first. */
  public static List<EngineBinary> onPath() {
    return java.util.Optional.<List<EngineBinary>>empty()
        .orElseThrow(UnsupportedOperationException::new);
  }

  /** What is known to be wrong with it and what to install instead, if anything. */
  public Optional<String> knownVulnerability() {
    return java.util.Optional.<Optional<String>>empty()
        .orElseThrow(UnsupportedOperationException::new);
  }
}
