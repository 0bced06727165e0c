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
    REDIS("Redis"),
    /** Valkey, the fork of Redis 7.2. */
    VALKEY("Valkey");

    private final String label;

    Product(String label) {
      this.label = label;
    }

    /** Its name as its makers write it. */
    public String label() {
      return label;
    }
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
   * @throws EmbeddedRedisException if there is neither; the message says what to install
   */
  public static EngineBinary newest() {
    return onPath().stream().findFirst().orElseGet(EngineBinary::bundled);
  }

  /**
   * The engine that this application carries, unpacked to the user's cache once.
   *
   * @throws EmbeddedRedisException if there is none for this machine, or it cannot start here; the
   *     message names what is missing and what to install
   */
  public static EngineBinary bundled() {
    return BundledEngine.extract();
  }

  /**
   * The {@code valkey-server}s and {@code redis-server}s on the PATH of 6.2 and newer, the newest
   * first.
   */
  public static List<EngineBinary> onPath() {
    return EngineSearch.on(Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  /**
   * What is known to be wrong with it and what to install instead, if anything. Where Debian's
   * package manager knows the file, fixes that only the package has count too.
   */
  public Optional<String> knownVulnerability() {
    boolean vulnerable =
        KnownVulnerability.isIn(product, version)
            && !(product == Product.REDIS
                && version.major() == 7
                && version.minor() == 0
                && DebianPackage.carriesFixOfRedis70(path));
    return vulnerable ? Optional.of(KnownVulnerability.describe(this)) : Optional.empty();
  }

  @Override
  public String toString() {
    String where = origin == Origin.BUNDLED ? "bundled" : path.toString();
    return product.label() + " " + version + " (" + where + ")";
  }
}
