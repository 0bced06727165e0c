package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.engine.Engine;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisCluster;
import dev.larder.testkit.topology.SlotMove;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClusterTest {
  @RegisterExtension static final RedisCluster cluster = RedisCluster.start(it -> it.replicas(1));

  private Redis redis;

  @BeforeEach
  void connect() {
    redis = Patient.connect(cluster.uri());
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private Reply incr(String key) {
    return join(redis.send(Command.of("INCR").key(key)));
  }

  private static RedisProcess heirOf(RedisProcess owner) {
    return cluster.primaries().stream().filter(it -> it != owner).findFirst().orElseThrow();
  }

  @Test
  void routesEachCommandByItsFirstKey() {
    List<Command> incrs =
        IntStream.range(0, 300).mapToObj(i -> Command.of("INCR").key("key " + i)).toList();

    assertThat(join(redis.sendAll(incrs)))
        .hasSize(300)
        .allMatch(it -> it.reply().equals(new Reply.Int(1)));
    assertThat(cluster.primaries())
        .allSatisfy(it -> assertThat(Integer.parseInt(it.command("DBSIZE"))).isBetween(50, 150));
  }

  @Test
  void runsAScriptWhereItsKeyIs() {
    Script script = Script.beside(ClusterTest.class, "count_once.lua");
    for (int i = 0; i < 20; i++) {
      byte[] key = ("{script " + i + "}").getBytes(UTF_8);
      assertThat(join(redis.send(new ScriptCall(script, List.of(key), List.of(key)))))
          .isEqualTo(new Reply.Array(List.of(new Reply.Int(1), new Reply.Bulk(key))));
    }
  }

  @Test
  void mayBeClosedTwiceAndSendsNothingAfterwards() {
    redis.close();
    redis.close();

    assertThat(join(redis.sendAll(List.of(Command.of("INCR").key("k")))))
        .hasOnlyElementsOfType(Outcome.NotSent.class);
  }

  @Test
  void tellsThatTheEngineIsClustered() {
    assertThat(Engine.detect(redis).clustered()).isTrue();
  }

  @Test
  void followsASlotThatMovesAndStillCountsOnce() {
    RedisProcess heir = heirOf(cluster.nodeOf("moving"));
    assertThat(incr("moving")).isEqualTo(new Reply.Int(1));

    SlotMove move = cluster.beginMove(RedisCluster.slotOf("moving"), heir);
    assertThat(incr("moving")).isEqualTo(new Reply.Int(2));
    move.moveKeys(1);
    assertThat(incr("moving")).as("after ASK").isEqualTo(new Reply.Int(3));
    move.finish();
    assertThat(incr("moving")).as("after MOVED").isEqualTo(new Reply.Int(4));

    assertThat(heir.command("GET", "moving")).isEqualTo("4");
  }

  @Test
  void countsOnceWhileManySlotsMove() {
    List<Command> incrs =
        IntStream.range(0, 300).mapToObj(i -> Command.of("INCR").key("key " + i)).toList();
    RedisProcess owner = cluster.primaries().get(0);
    CompletableFuture<Void> moves =
        CompletableFuture.runAsync(() -> cluster.moveSlots(owner, heirOf(owner), 1_000))
            .orTimeout(90, SECONDS);

    long count = 0;
    do {
      count++;
      Reply expected = new Reply.Int(count);
      assertThat(join(redis.sendAll(incrs))).allMatch(it -> it.reply().equals(expected));
    } while (!moves.isDone());
    moves.join();
  }

  @Test
  void followsAFailover() {
    RedisProcess first = cluster.nodeOf("k");
    assertThat(incr("k")).isEqualTo(new Reply.Int(1));
    first.command("WAIT", "1", "5000");

    RedisProcess second = cluster.failOver(first);
    await()
        .until(
            () ->
                join(
                    redis
                        .send(Command.of("SET").key("k").arg("after"))
                        .handle((reply, fault) -> reply instanceof Reply.Status)));
    assertThat(second.command("GET", "k")).isEqualTo("after");
  }
}
