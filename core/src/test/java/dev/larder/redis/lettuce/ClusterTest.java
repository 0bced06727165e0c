package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Cluster of three processes. */
class ClusterTest {
  private static final List<RealRedis> NODES = new ArrayList<>();
  private static Redis redis;

  @BeforeAll
  static void start() throws Exception {
    List<String> create = new ArrayList<>(List.of("--cluster", "create"));
    for (int i = 0; i < 3; i++) {
      RealRedis node =
          RealRedis.started("--cluster-enabled", "yes", "--cluster-node-timeout", "3000");
      NODES.add(node);
      create.add("127.0.0.1:" + node.port());
    }
    create.add("--cluster-yes");
    assertThat(cli(create)).contains("All 16384 slots covered");
    RedisUri uri = RedisUri.parse("redis-cluster://127.0.0.1:" + NODES.get(0).port());
    redis = LettuceRedis.connect(uri);
    // Every node has to learn that the Cluster is whole before it serves.
    await()
        .atMost(20, SECONDS)
        .until(
            () ->
                IntStream.range(0, 50)
                    .allMatch(
                        i -> join(redis.send(Command.of("GET").key("" + i))) instanceof Reply.Nil));
  }

  @AfterAll
  static void stop() {
    redis.close();
    NODES.forEach(RealRedis::close);
  }

  private static String cli(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("redis-cli"));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }

  private static String cli(RealRedis node, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("-p", "" + node.port()));
    all.addAll(List.of(arguments));
    return cli(all);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  void routesEachCommandByItsFirstKey() throws Exception {
    List<Command> incrs =
        IntStream.range(0, 300).mapToObj(i -> Command.of("INCR").key("key " + i)).toList();

    assertThat(join(redis.sendAll(incrs))).hasSize(300).allMatch(new Reply.Int(1)::equals);
    for (RealRedis node : NODES) {
      assertThat(Integer.parseInt(cli(node, "DBSIZE"))).isBetween(50, 150);
    }
  }

  @Test
  void runsAScriptWhereItsKeyIs() {
    Script script = Script.beside(ClusterTest.class, "count_once.lua");
    for (int i = 0; i < 20; i++) {
      byte[] key = ("{script " + i + "}").getBytes(UTF_8);
      assertThat(join(redis.run(script, List.of(key), List.of(key))))
          .isEqualTo(new Reply.Array(List.of(new Reply.Int(1), new Reply.Bulk(key))));
    }
  }

  @Test
  void tellsThatTheEngineIsClustered() {
    assertThat(redis.engine().clustered()).isTrue();
  }

  @Test
  void followsASlotThatMovedAndStillCountsOnce() throws Exception {
    String slot = cli(NODES.get(0), "CLUSTER", "KEYSLOT", "moving");
    RealRedis owner = NODES.stream().filter(this::ownsMoving).findFirst().orElseThrow();
    RealRedis heir = NODES.stream().filter(node -> node != owner).findFirst().orElseThrow();
    String heirId = cli(heir, "CLUSTER", "MYID");
    for (RealRedis node : List.of(heir, owner, NODES.get(2), NODES.get(1), NODES.get(0))) {
      assertThat(cli(node, "CLUSTER", "SETSLOT", slot, "NODE", heirId)).isEqualTo("OK");
    }

    for (long count = 1; count <= 5; count++) {
      assertThat(join(redis.send(Command.of("INCR").key("moving"))))
          .isEqualTo(new Reply.Int(count));
    }
    assertThat(cli(heir, "GET", "moving")).isEqualTo("5");
  }

  private boolean ownsMoving(RealRedis node) {
    try {
      return !cli(node, "GET", "moving").startsWith("MOVED");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
