package dev.larder.testkit;

import dev.larder.embedded.EmbeddedRedisException;
import dev.larder.embedded.EngineBinary;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engines that tests run on. */
public final class Engines {
  private static final Logger log = LoggerFactory.getLogger(Engines.class);

  private Engines() {}

  /**
   * The bundled engine, the oldest that Larder supports, and the newest one on the PATH; where one
   * is missing, the log says so. Fit for {@code @MethodSource("dev.larder.testkit.Engines#each")}.
   *
   * @throws EmbeddedRedisException if both are missing
   */
  public static List<EngineBinary> each() {
    List<EngineBinary> engines = new ArrayList<>();
    EngineBinary.onPath().stream().findFirst().ifPresent(engines::add);
    try {
      engines.add(0, EngineBinary.bundled());
    } catch (EmbeddedRedisException e) {
      if (engines.isEmpty()) {
        throw e;
      }
      log.warn("Tests leave out an engine: {}", e.getMessage());
    }
    if (engines.size() == 1 && engines.get(0).origin() == EngineBinary.Origin.BUNDLED) {
      log.warn(
          "Tests run on {} alone: no redis-server or valkey-server is on the PATH", engines.get(0));
    }
    return List.copyOf(engines);
  }
}
