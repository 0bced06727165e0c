package dev.larder.embedded;

import dev.larder.embedded.EngineBinary.Product;
import java.util.Optional;

/** Which engine may open the data that another wrote. */
final class Upgrades {
  private Upgrades() {}

  /**
   * Why the data must not be opened; empty where it may. Within one release line the formats do not
   * change, so an older patch is no older engine.
   */
  static Optional<String> refusal(
      Product writtenBy, EngineVersion written, Product product, EngineVersion version) {
    boolean may =
        writtenBy == product
            ? version.isAtLeast(written.major(), written.minor())
            // Valkey is the fork of Redis 7.2: it reads what Redis wrote until then, not what
            // Redis added since; and Redis never reads Valkey's own.
            : product == Product.VALKEY && !written.isAtLeast(7, 4);
    if (may) {
      return Optional.empty();
    }
    return Optional.of(
        "the data was written by %s %s, which %s %s cannot read: install %s %d.%d or newer, or choose another directory"
            .formatted(
                writtenBy.label(),
                written,
                product.label(),
                version,
                writtenBy.label(),
                written.major(),
                written.minor()));
  }
}
