package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.testkit.RealRedis;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands that the engine does not tell of at first. */
class LateCommandsIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  @Test
  void areServedSoonAfterTheFirstCallerAskedForThem(@TempDir Path scratch) {
    assumeTrue(redis.process().binary().version().isAtLeast(7, 0), "6.2 has no newer commands");
    String[] untold = {"ACL", "SETUSER", "late", "on", ">pw", "~*", "&*", "+@all"};
    redis.process().command(untold);
    redis.process().command("ACL", "SETUSER", "late", "-info", "-command");
    try (RunningNode node =
        RunningNode.on(
            redis.uri().replace("://", "://late:pw@"),
            scratch,
            "--token",
            "the-token-of-the-test")) {
      // By the list that is shipped, for want of a better one.
      assertThat(node.command("SET", "k", "v").body()).isEqualTo("{\"result\":\"OK\"}");
      assertThat(node.command("SELECT", "1").body()).contains("not available over REST");
      redis.process().command("ACL", "SETUSER", "late", "+info", "+command");

      assertThat(node.command("LCS", "k", "k").body()).contains("ERR unknown command `LCS`");
      await().until(() -> node.command("LCS", "k", "k").body().equals("{\"result\":\"v\"}"));
      assertThat(node.command("NOSUCH").body()).contains("ERR unknown command 'NOSUCH'");
    }
  }
}
