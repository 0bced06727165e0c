package dev.larder.server.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the engine answers reaches nobody else, costs nothing that lasts, and is survived. */
class FuzzRepliesSoak {
  private static final long SECONDS = Long.getLong("larder.fuzz.seconds", 60);
  private static final long SEED = Long.getLong("larder.fuzz.seed", 42);

  @Test
  void whateverTheEngineAnswersReachesNobodyElse(@TempDir Path scratch) throws Exception {
    new FuzzReplies(scratch, SEED).last(Duration.ofSeconds(SECONDS));
  }
}
