package dev.larder.server.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few seconds of {@link FuzzRepliesSoak}. */
@Order(3)
class FuzzRepliesIT {
  @Test
  void whateverTheEngineAnswersReachesNobodyElse(@TempDir Path scratch) throws Exception {
    new FuzzReplies(scratch, 7).last(Duration.ofSeconds(4));
  }
}
