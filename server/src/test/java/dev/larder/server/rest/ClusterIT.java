package dev.larder.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.rest.TestDoor.Answer;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisCluster;
import dev.larder.testkit.topology.SlotMove;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST door on a real Cluster of three primaries with a replica each. */
@Order(2)
class ClusterIT {
  private static final Pattern SCANNED = Pattern.compile("\\{\"result\":\\[\"(\\d+)\",\\[(.*)]]}");

  @RegisterExtension static final RedisCluster cluster = RedisCluster.start(it -> it.replicas(1));

  private static TestDoor door;

  @BeforeAll
  static void open() {
    door = new TestDoor(cluster.uri());
  }

  @AfterAll
  static void close() {
    door.close();
  }

  private static String keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\"")
        .collect(Collectors.joining(","));
  }

  @Test
  void whatCanBeSplitAnswersAsOneEngineWould() {
    String pairs =
        IntStream.range(0, 100)
            .mapToObj(i -> "\"k" + i + "\",\"v" + i + "\"")
            .collect(Collectors.joining(","));
    String values =
        IntStream.range(0, 100).mapToObj(i -> "\"v" + i + "\"").collect(Collectors.joining(","));
    assertThat(door.post("/", "[\"MSET\"," + pairs + "]").body()).isEqualTo("{\"result\":\"OK\"}");
    assertThat(door.post("/", "[\"MGET\"," + keys(100) + ",\"no\",\"k0\"]").body())
        .isEqualTo("{\"result\":[" + values + ",null,\"v0\"]}");
    assertThat(door.run("DBSIZE")).isEqualTo("{\"result\":100}");
    assertThat(door.post("/", "[\"EXISTS\"," + keys(100) + ",\"k0\",\"no\"]").body())
        .isEqualTo("{\"result\":101}");
    assertThat(door.post("/", "[\"TOUCH\"," + keys(50) + "]").body()).isEqualTo("{\"result\":50}");
    assertThat(door.run("KEYS", "k1?").split(",", -1)).hasSize(10);
    assertThat(door.post("/", "[\"DEL\"," + keys(40) + "]").body()).isEqualTo("{\"result\":40}");
    assertThat(door.post("/", "[\"UNLINK\"," + keys(60) + "]").body()).isEqualTo("{\"result\":20}");
    assertThat(door.run("RANDOMKEY")).matches("\\{\"result\":\"k\\d+\"}");
    assertThat(door.run("FLUSHDB")).isEqualTo("{\"result\":\"OK\"}");
    assertThat(door.run("DBSIZE")).isEqualTo("{\"result\":0}");
  }

  @ParameterizedTest(name = "SCAN {0}: {1} elements")
  @CsvSource({"COUNT 50, 500", "COUNT 50 WITHTYPE, 501"})
  void scanFindsEveryKeyOnceItsCursorEndsAtZero(String options, int elements) {
    door.post("/pipeline", sets(500));
    var found = new TreeSet<String>();
    String cursor = "0";
    int steps = 0;
    do {
      Matcher scanned =
          SCANNED.matcher(door.run(("SCAN " + cursor + ' ' + options).split(" ", -1)));
      assertThat(scanned.matches()).isTrue();
      cursor = scanned.group(1);
      if (!scanned.group(2).isEmpty()) {
        found.addAll(List.of(scanned.group(2).split(",", -1)));
      }
    } while (!cursor.equals("0") && ++steps < 1_000);
    assertThat(cursor).isEqualTo("0");
    // The keys, and of all types the one that there is.
    assertThat(found).hasSize(elements);
  }

  @Test
  void scanTellsTypes() {
    door.post("/pipeline", sets(200));
    await()
        .untilAsserted(
            () ->
                assertThat(door.run("SCAN", "0", "MATCH", "k*", "COUNT", "1000", "WITHTYPE"))
                    .matches("\\{\"result\":\\[\"\\d+\",\\[(\"k\\d+\",\"string\",?)+]]}"));
  }

  @Test
  void emulatedCommandsGoWhereTheirKeysAre() {
    for (int i = 0; i < 20; i++) {
      String key = "emulated" + i;
      door.run("HSET", key, "f", "v");
      assertThat(door.run("HGETDEL", key, "FIELDS", "1", "f")).isEqualTo("{\"result\":[\"v\"]}");
      door.run("SET", key, "a");
      assertThat(door.run("BITOP", "ONE", key, key)).isEqualTo("{\"result\":1}");
    }
    assertThat(door.run("BITOP", "DIFF", "{t}d", "{t}a", "{u}b")).contains("CROSSSLOT");
  }

  @Test
  void aScanOverAMovedSlotIsToldToBeginAgain() {
    door.post("/pipeline", sets(100));
    Matcher scanned = SCANNED.matcher(door.run("SCAN", "0", "COUNT", "1"));
    assertThat(scanned.matches()).isTrue();
    cluster.moveSlots(cluster.primaries().get(0), cluster.primaries().get(1), 1);
    await()
        .untilAsserted(
            () ->
                assertThat(door.run("SCAN", scanned.group(1)))
                    .contains("begin again with cursor 0"));
  }

  private static String sets(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "[\"SET\",\"k" + i + "\",\"" + i + "\"]")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void aPipelineOverAllNodesIsAnsweredInItsOrder() {
    door.post("/pipeline", sets(300));
    String gets =
        IntStream.range(0, 300)
            .mapToObj(i -> "[\"GET\",\"k" + i + "\"],[\"RENAME\",\"k" + i + "\",\"x\"]")
            .collect(Collectors.joining(",", "[", "]"));
    String body = door.post("/pipeline", gets).body();
    for (int i = 0; i < 300; i++) {
      assertThat(body).contains("{\"result\":\"" + i + "\"}");
      body = body.substring(body.indexOf("{\"result\":\"" + i + "\"}"));
    }
    assertThat(body).doesNotContain("MOVED");
  }

  @Test
  void whatMustNotBeSplitIsRefusedWithAHint() {
    assertThat(door.post("/", "[\"MSETNX\",\"a\",1,\"b\",2]"))
        .isEqualTo(
            new Answer(
                400,
                "{\"error\":\"CROSSSLOT MSETNX needs all its keys in one slot of the Cluster, but"
                    + " 'a' is in slot 15495 and 'b' in slot 3300: give their names the same hash"
                    + " tag, a part in braces, such as '{tag}:a' and '{tag}:b'\"}"));
    assertThat(door.run("MSETNX", "{t}a", "1", "{t}b", "2")).isEqualTo("{\"result\":1}");
    Answer transaction = door.post("/multi-exec", "[[\"SET\",\"a\",1],[\"SET\",\"b\",2]]");
    assertThat(transaction.status()).isEqualTo(400);
    assertThat(transaction.body()).startsWith("{\"error\":\"CROSSSLOT a transaction needs");
    assertThat(door.run("EXISTS", "a", "b")).isEqualTo("{\"result\":0}");
  }

  @Test
  void aTransactionInOneSlotRuns() {
    assertThat(
            door.post("/multi-exec", "[[\"SET\",\"{t}a\",1],[\"INCR\",\"{t}a\"],[\"PING\"]]")
                .body())
        .isEqualTo("[{\"result\":\"OK\"},{\"result\":2},{\"result\":\"PONG\"}]");
    Answer wrong = door.post("/multi-exec", "[[\"SET\",\"{t}a\"],[\"INCR\",\"{t}a\"]]");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body()).contains("EXECABORT");
  }

  @Test
  void scriptsAreKnownToAllNodes() {
    String digest = door.run("SCRIPT", "LOAD", "return KEYS[1]").replaceAll(".*:\"|\"}", "");
    for (int i = 0; i < 20; i++) {
      assertThat(door.run("EVALSHA", digest, "1", "k" + i))
          .isEqualTo("{\"result\":\"k" + i + "\"}");
    }
    assertThat(door.run("SCRIPT", "EXISTS", digest, "f".repeat(40)))
        .isEqualTo("{\"result\":[1,0]}");
    assertThat(door.run("EVAL", "return 1", "2", "me:1", "me:2"))
        .contains("new Ratelimit({ prefix: \\\"{ratelimit}\\\"");
  }

  @Test
  void aSlotOnItsWayIsFollowedThroughAskAndTryAgainAndMoved() {
    door.run("SET", "{m}a", "1");
    door.run("SET", "{m}b", "2");
    int slot = RedisCluster.slotOf("m");
    RedisProcess from = cluster.nodeOf(slot);
    RedisProcess to =
        cluster.primaries().stream().filter(it -> it != from).findFirst().orElseThrow();
    SlotMove move = cluster.beginMove(slot, to);
    move.moveKeys(1);
    assertThat(door.run("GET", "{m}a")).isEqualTo("{\"result\":\"1\"}");
    assertThat(door.run("GET", "{m}b")).isEqualTo("{\"result\":\"2\"}");
    assertThat(door.run("INCR", "{m}new")).isEqualTo("{\"result\":1}");
    assertThat(door.post("/multi-exec", "[[\"INCR\",\"{m}new\"],[\"GET\",\"{m}new\"]]").body())
        .isEqualTo("[{\"result\":2},{\"result\":\"2\"}]");
    // One key here, one there: it waits until they are together.
    var split = door.postLater("/", "[\"MGET\",\"{m}a\",\"{m}b\"]");
    move.finish();
    assertThat(split.join().body()).isEqualTo("{\"result\":[\"1\",\"2\"]}");
    assertThat(door.run("GET", "{m}new")).isEqualTo("{\"result\":\"2\"}");
  }

  @Test
  void nobodyNoticesThatSlotsAreMoved() throws InterruptedException {
    // The budget is ample, as a busy machine might be noticed.
    try (var ample = new TestDoor(cluster.uri(), Duration.ofSeconds(30));
        var load = new Load(ample)) {
      load.awaitService();
      List<RedisProcess> primaries = cluster.primaries();
      for (int i = 0; i < 3; i++) {
        cluster.moveSlots(primaries.get(i), primaries.get((i + 1) % 3), 400);
      }
      load.awaitService();
      load.endAndProve();
      assertThat(load.errors()).isEmpty();
    }
  }

  @Test
  void aPrimaryThatIsKilledIsReplacedAndNothingCountsTwice() throws InterruptedException {
    try (var load = new Load(door)) {
      load.awaitService();
      load.failsOver();
      cluster.failOver(cluster.nodeOf(load.key()));
      load.awaitService();
      load.endAndProve();
      assertThat(load.errors(load.key())).as("the outage was there").isNotEmpty();
    }
  }

  @Test
  void aPrimaryThatStandsStillCostsItsCallersTheBudgetAtMost() throws InterruptedException {
    try (var brief = new TestDoor(cluster.uri(), Duration.ofMillis(500));
        var load = new Load(brief)) {
      load.awaitService();
      RedisProcess old = cluster.nodeOf(load.key());
      load.failsOver();
      old.pause();
      load.awaitService();
      old.resume();
      load.awaitService();
      load.endAndProve();
      // Two seconds pass before the others take it for failed: four budgets.
      assertThat(load.errors(load.key())).hasSizeGreaterThan(2);
    }
  }

  @Test
  void subscribersHearEverythingAlsoAfterTheirNodeDied() {
    List<String> events = door.stream("/subscribe/news");
    await().until(() -> events.contains("data: subscribe,news,1"));
    for (int i = 0; i < 6; i++) {
      door.run("PUBLISH", "news", "m" + i);
    }
    await().untilAsserted(() -> assertThat(events).contains("data: message,news,m5").hasSize(7));
    // Whichever of them it was.
    cluster.failOver(cluster.primaries().get(0));
    cluster.failOver(cluster.primaries().get(0));
    await()
        .untilAsserted(
            () -> {
              door.run("PUBLISH", "news", "again");
              assertThat(events).contains("data: message,news,again");
            });
  }

  @Test
  void eachPrimaryHasOneConnection() {
    try (var another = new TestDoor(cluster.uri())) {
      // The first node of the URI may be a replica now: it is left when nothing needs it any more.
      for (TestDoor each : List.of(another, door)) {
        await().until(() -> each.connections() == 3);
      }
      assertThat(another.run("DBSIZE")).isEqualTo("{\"result\":0}");
      assertThat(another.connections()).isEqualTo(3);
    }
  }

  @Test
  void aMonitorSeesTheCommandsOfAllPrimaries() {
    List<String> events = door.stream("/monitor");
    await().until(() -> events.contains("data: \"OK\""));
    door.post("/pipeline", sets(30));
    await()
        .untilAsserted(
            () ->
                assertThat(events.stream().filter(it -> it.contains("\"SET\" \"k")).count())
                    .isEqualTo(30));
    assertThat(events).filteredOn(it -> it.equals("data: \"OK\"")).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "MOVED 1 127.0.0.1:1",
        "MOVED SLOT OTHER",
        "ASK SLOT OTHER",
        "TRYAGAIN later",
        "CLUSTERDOWN The cluster is down",
        "LOADING Redis is loading",
        "READONLY You can't write"
      })
  void aScriptThatAnswersAsIfItWasRefusedRunsOnce(String told) {
    String key = "deceived-" + told.replaceAll("\\W", "");
    RedisProcess owner = cluster.nodeOf(key);
    RedisProcess other =
        cluster.primaries().stream().filter(it -> it != owner).findFirst().orElseThrow();
    String error =
        told.replace("SLOT", owner.command("CLUSTER", "KEYSLOT", key))
            .replace("OTHER", "127.0.0.1:" + other.port());
    String script = "redis.call('INCR', KEYS[1]) return redis.error_reply(ARGV[1])";
    Answer answer =
        door.post("/", "[\"EVAL\",\"" + script + "\",\"1\",\"" + key + "\",\"" + error + "\"]");
    assertThat(answer.body()).contains(error).doesNotContain("nothing was executed");
    assertThat(door.run("GET", key)).isEqualTo("{\"result\":\"1\"}");
  }

  @Test
  void aScriptFollowsItsSlot() {
    String key = "followed";
    RedisProcess from = cluster.nodeOf(key);
    RedisProcess to =
        cluster.primaries().stream().filter(it -> it != from).findFirst().orElseThrow();
    int slot = Integer.parseInt(from.command("CLUSTER", "KEYSLOT", key));
    String script = "return redis.call('INCR', KEYS[1])";
    assertThat(door.run("EVAL", script, "1", key)).isEqualTo("{\"result\":1}");
    SlotMove move = cluster.beginMove(slot, to);
    move.moveKeys(1);
    assertThat(door.run("EVAL", script, "1", key)).isEqualTo("{\"result\":2}");
    move.finish();
    assertThat(door.run("EVAL", script, "1", key)).isEqualTo("{\"result\":3}");
  }

  @Test
  void aUserNeedNotBeAllowedToAskForTheSlots() {
    cluster
        .processes()
        .forEach(
            it ->
                it.command(
                    "ACL", "SETUSER", "plain", "reset", "on", ">right", "~*", "+get", "+set"));
    String token = TestDoor.tokenOf("plain", "right");
    for (int i = 0; i < 20; i++) {
      assertThat(door.postLater(token, "/", "[\"SET\",\"plain" + i + "\",\"v\"]").join())
          .isEqualTo(new Answer(200, "{\"result\":\"OK\"}"));
    }
    cluster.moveSlots(cluster.primaries().get(0), cluster.primaries().get(1), 400);
    for (int i = 0; i < 20; i++) {
      assertThat(door.postLater(token, "/", "[\"GET\",\"plain" + i + "\"]").join())
          .isEqualTo(new Answer(200, "{\"result\":\"v\"}"));
    }
    assertThat(
            door.postLater(TestDoor.tokenOf("plain", "wrong"), "/", "[\"GET\",\"a\"]")
                .join()
                .status())
        .isEqualTo(401);
  }
}
