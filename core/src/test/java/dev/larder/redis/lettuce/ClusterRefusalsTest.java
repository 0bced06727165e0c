package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Call;
import dev.larder.redis.Command;
import dev.larder.redis.NodeId;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisCluster;
import dev.larder.testkit.topology.SlotMove;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** "Cluster" and "retries": what a node refused is sent on, and what may have been executed not. */
class ClusterRefusalsTest {
  @RegisterExtension static final RedisCluster cluster = RedisCluster.start(it -> it.replicas(1));

  private static final Script COUNT = Script.beside(ClusterRefusalsTest.class, "count_once.lua");
  private static final Script COUNT_AND_FAIL =
      Script.beside(ClusterRefusalsTest.class, "count_and_fail.lua");

  private Redis redis;

  @BeforeEach
  void connect() {
    redis = Patient.connect(cluster.uri());
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private Reply reply(Call call) {
    return join(redis.send(call));
  }

  private static ScriptCall call(Script script, String key, String arg) {
    return new ScriptCall(script, List.of(key.getBytes(UTF_8)), List.of(arg.getBytes(UTF_8)));
  }

  private static RedisProcess heirOf(RedisProcess owner) {
    return cluster.primaries().stream().filter(it -> it != owner).findFirst().orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "MOVED",
        "ASK",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "CLUSTERDOWN The cluster is down",
        "READONLY You can't write against a read only replica.",
        "LOADING Redis is loading the dataset in memory"
      })
  void anErrorThatAScriptMadeIsItsAnswerAndItRunsOnce(String kind) {
    String error =
        kind.contains(" ")
            ? kind
            : kind
                + " "
                + RedisCluster.slotOf("n")
                + " 127.0.0.1:"
                + heirOf(cluster.nodeOf("n")).port();
    Reply.Failure expected = new Reply.Failure(error);

    assertThat(reply(call(COUNT_AND_FAIL, "n", error))).isEqualTo(expected);
    assertThat(reply(Command.of("EVAL").arg(COUNT_AND_FAIL.source()).arg(1).key("n").arg(error)))
        .isEqualTo(expected);
    assertThat(reply(Command.of("GET").key("n")).text()).as("runs").isEqualTo("2");
  }

  @ParameterizedTest(name = "retriable: {0}")
  @ValueSource(booleans = {false, true})
  void aScriptFollowsItsSlotWhereTheNodeItselfSendsItOn(boolean retriable) {
    Script script = retriable ? COUNT.retriable() : COUNT;
    RedisProcess heir = heirOf(cluster.nodeOf("moving"));
    long runs = 0;
    assertThat(reply(call(script, "moving", "")).array()).contains(new Reply.Int(++runs));

    SlotMove move = cluster.beginMove(RedisCluster.slotOf("moving"), heir);
    assertThat(reply(call(script, "moving", "")).array()).contains(new Reply.Int(++runs));
    move.moveKeys(1);
    assertThat(reply(call(script, "moving", "")).array())
        .as("after ASK")
        .contains(new Reply.Int(++runs));
    move.finish();
    assertThat(reply(call(script, "moving", "")).array())
        .as("after MOVED")
        .contains(new Reply.Int(++runs));
  }

  @Test
  void aCommandWaitsUntilItsKeysAreTogetherAgain() {
    reply(Command.of("MSET").key("{t}a").arg("1").key("{t}b").arg("2"));
    SlotMove move = cluster.beginMove(RedisCluster.slotOf("t"), heirOf(cluster.nodeOf("t")));
    move.moveKeys(1);
    CompletionStage<Reply> both = redis.send(Command.of("MGET").key("{t}a").key("{t}b"));
    move.finish();

    assertThat(join(both))
        .isEqualTo(
            new Reply.Array(
                List.of(new Reply.Bulk(new byte[] {'1'}), new Reply.Bulk(new byte[] {'2'}))));
  }

  @Test
  void noFirstCallToANewPrimaryIsRejected() {
    RedisProcess old = cluster.nodeOf("n");
    List<CompletionStage<Reply>> incrs = new ArrayList<>();
    RedisProcess heir =
        cluster.replicas().stream()
            .filter(it -> it.command("ROLE").contains("\n" + old.port() + "\n"))
            .findFirst()
            .orElseThrow();
    heir.command("CLUSTER", "FAILOVER");
    await()
        .until(
            () -> {
              incrs.add(redis.send(Command.of("INCR").key("n")));
              join(incrs.get(incrs.size() - 1));
              return cluster.nodeOf("n") == heir;
            });

    for (int i = 0; i < 100; i++) {
      incrs.add(redis.send(Command.of("INCR").key("n")));
    }
    for (int i = 0; i < incrs.size(); i++) {
      assertThat(join(incrs.get(i))).isEqualTo(new Reply.Int(i + 1));
    }
  }

  @Test
  void aCallToEveryPrimaryReachesEachOnce() {
    for (int i = 0; i < 100; i++) {
      reply(Command.of("SET").key("key " + i).arg("v"));
    }
    Map<NodeId, Outcome> sizes = join(redis.sendToPrimaries(Command.of("DBSIZE")));

    assertThat(sizes)
        .isEqualTo(
            cluster.primaries().stream()
                .collect(
                    toMap(
                        it -> new NodeId(it.command("CLUSTER", "MYID")),
                        it ->
                            new Outcome.Answered(
                                new Reply.Int(Long.parseLong(it.command("DBSIZE")))))));
    assertThat(sizes.values().stream().mapToLong(it -> it.reply().number()).sum()).isEqualTo(100);
  }

  @Test
  void aCallToEveryPrimaryTellsWhichWasNotReached() {
    RedisProcess dead = cluster.primaries().get(0);
    NodeId id = new NodeId(dead.command("CLUSTER", "MYID"));
    dead.kill();
    Map<NodeId, Outcome> outcomes =
        await()
            .until(
                () -> join(redis.sendToPrimaries(Command.of("DBSIZE"))),
                it -> it.get(id) instanceof Outcome.NotSent);

    assertThat(outcomes).hasSize(3);
    assertThat(outcomes.values()).filteredOn(Outcome.Answered.class::isInstance).hasSize(2);
  }

  @Test
  void aCallWithAKeyHasOnePrimaryOnly() {
    assertThatThrownBy(() -> redis.sendToPrimaries(Command.of("GET").key("k")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GET with 1 argument has a key");
    assertThatThrownBy(() -> redis.sendToPrimaries(call(COUNT, "k", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with 1 key");
  }

  @Test
  void aScriptThatNoPrimaryKnowsRunsAtEachOnce() {
    Script script = Script.beside(ClusterRefusalsTest.class, "size.lua");
    Map<NodeId, Outcome> sizes =
        join(redis.sendToPrimaries(new ScriptCall(script, List.of(), List.of())));

    assertThat(sizes.values()).hasSize(3).allMatch(it -> it.reply().number() == 0);
  }
}
