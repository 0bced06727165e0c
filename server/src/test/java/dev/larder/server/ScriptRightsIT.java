package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the one who starts a node is told of the rights of the user whom he gave it. */
class ScriptRightsIT {
  private static final Path DOCS = Path.of("..", "docs", "engine.md");
  private static final Pattern ACL_LINE = Pattern.compile("ACL SETUSER larder on >PASSWORD (.*)");

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void aUserWhoMayDoEverythingIsWarnedOf(EngineBinary binary) {
    try (RedisProcess engine = RedisProcess.start(it -> it.binary(binary))) {
      engine.command("SET", "k", "v");
      assertThat(warning(engine.uri()))
          .hasValueSatisfying(
              it -> assertThat(it).contains("(SLOWLOG, MIGRATE, SWAPDB, MOVE, SELECT)"));
      assertThat(warning(engine.uri() + "/1"))
          .hasValueSatisfying(it -> assertThat(it).contains("(SLOWLOG, MIGRATE, SWAPDB, MOVE)"));
      assertThat(engine.command("GET", "k")).as("nothing was done").isEqualTo("v");
    }
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void aUserMadeByTheLineOfTheDocsIsNot(EngineBinary binary) throws IOException {
    try (RedisProcess engine = RedisProcess.start(it -> it.binary(binary))) {
      engine.command(userOfTheDocs(binary));
      String uri = "redis://larder:PASSWORD@127.0.0.1:" + engine.port();
      assertThat(warning(uri)).isEmpty();
      engine.command("ACL", "SETUSER", "larder", "resetkeys", "~app:*", "+slowlog", "+migrate");
      assertThat(warning(uri))
          .hasValueSatisfying(it -> assertThat(it).contains("(SLOWLOG, MIGRATE)"));
    }
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void onAClusterTheCommandsOfClustersCount(EngineBinary binary) throws IOException {
    try (RedisCluster cluster = RedisCluster.start(it -> it.binary(binary))) {
      assertThat(warning(cluster.uri()))
          .hasValueSatisfying(it -> assertThat(it).contains("(SLOWLOG, MIGRATE, CLUSTER)"));
      for (RedisProcess node : cluster.nodes()) {
        node.command(userOfTheDocs(binary));
        node.command("ACL", "SETUSER", "larder", "+cluster|nodes");
      }
      assertThat(warning(cluster.uri().replace("://", "://larder:PASSWORD@"))).isEmpty();
    }
  }

  @Test
  void theNodeSaysItWhenItStarts(@TempDir Path scratch) throws IOException {
    try (RedisProcess engine = RedisProcess.start()) {
      try (RunningNode node = RunningNode.on(engine.uri(), scratch)) {
        assertThat(String.join("\n", node.err())).contains("scripts may do what the door refuses");
      }
      engine.command(userOfTheDocs(engine.binary()));
      try (RunningNode node =
          RunningNode.on("redis://larder:PASSWORD@127.0.0.1:" + engine.port(), scratch)) {
        assertThat(node.err()).noneMatch(line -> line.contains("scripts"));
        assertThat(node.command("SET", "k", "v").status()).isEqualTo(200);
      }
    }
  }

  private static Optional<String> warning(String uri) {
    RedisUri parsed = RedisUri.parse(uri);
    try (var redis = LettuceRedis.connect(parsed)) {
      return ScriptRights.warning(redis, Engine.detect(redis), parsed.database());
    }
  }

  private static String[] userOfTheDocs(EngineBinary binary) throws IOException {
    Matcher line = ACL_LINE.matcher(Files.readString(DOCS));
    assertThat(line.find()).as("the line stands in %s", DOCS).isTrue();
    var words = new ArrayList<>(List.of("ACL", "SETUSER", "larder", "on", ">PASSWORD"));
    words.addAll(List.of(line.group(1).split(" ", -1)));
    if (!binary.version().isAtLeast(7, 0)) {
      words.remove("+sort_ro");
    }
    return words.toArray(String[]::new);
  }
}
