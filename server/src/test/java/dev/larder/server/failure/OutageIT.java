package dev.larder.server.failure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RawHttp;
import dev.larder.server.RunningNode;
import dev.larder.server.failure.Outage.Answer;
import dev.larder.server.failure.Outage.Outcome;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each answer belongs to its request, whatever happens to the engine: 200 connections with their
 * own keys, and 50 with transactions, while it is killed or paused again and again.
 */
@Order(3)
class OutageIT {
  private static final int CALLERS = 200;
  private static final int TRANSACTORS = 50;
  private static final int TRANSACTION = 5;

  @TempDir Path scratch;
  private final Outage outage = new Outage();
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<String> neverExecuted = new ConcurrentLinkedQueue<>();

  @Test
  void answersBelongToTheirRequestsWhileTheEngineIsKilledAgainAndAgain() throws Exception {
    // Written before it is acknowledged, so that a kill excuses nothing.
    try (RedisProcess redis = RedisProcess.start(RedisProcess.Options::appendOnly)) {
      surviving(
          redis,
          2,
          () -> {
            for (int kills = 0; kills < 6; kills++) {
              redis.kill();
              awaitUnavailable(CALLERS);
              redis.restart();
              awaitServed(4 * CALLERS);
            }
          });
    }
  }

  @Test
  void lateRepliesReachNobodyElseAfterTheEngineWasPausedForLongerThanTheBudget() throws Exception {
    try (RedisProcess redis = RedisProcess.start(RedisProcess.Options::appendOnly)) {
      surviving(
          redis,
          1,
          () -> {
            for (int pauses = 0; pauses < 2; pauses++) {
              redis.pause();
              // All of them gave up, and asked again.
              awaitUnavailable(CALLERS + TRANSACTORS);
              redis.resume();
              awaitServed(4 * CALLERS);
            }
          });
    }
  }

  private void surviving(RedisProcess redis, int eventLoops, Runnable outages) throws Exception {
    try (RunningNode node = node(redis, eventLoops)) {
      List<OutageCaller> callers =
          IntStream.range(0, CALLERS).mapToObj(i -> new OutageCaller(outage, node, i)).toList();
      ExecutorService threads = Executors.newFixedThreadPool(CALLERS + TRANSACTORS);
      try {
        callers.forEach(threads::execute);
        for (int i = 0; i < TRANSACTORS; i++) {
          String name = "transactor-" + i;
          threads.execute(() -> transact(node, name));
        }
        awaitServed(4 * CALLERS);
        outages.run();
        // Those that were under way when the engine came back may still have failed.
        awaitServed(4 * CALLERS);
        outage.over();
        awaitServed(10 * CALLERS);
      } finally {
        outage.stop();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, SECONDS)).isTrue();
      }
      callers.forEach(it -> it.judge(redis.command("GET", it.counter())));
      assertThat(outage.wrong()).isEmpty();
      judgeTransactions(redis.command("LRANGE", "log", "0", "-1").lines().toList());
    }
  }

  private RunningNode node(RedisProcess redis, int eventLoops) throws IOException {
    Path config = scratch.resolve("larder.yaml");
    Files.writeString(config, "event-loops: " + eventLoops + "\n");
    return RunningNode.on(redis.uri(), scratch, "--config", config.toString());
  }

  private void awaitServed(long more) {
    long goal = outage.served() + more;
    await("callers are served").until(() -> outage.served() >= goal || outage.stopped());
  }

  private void awaitUnavailable(long more) {
    long goal = outage.unavailable() + more;
    await("callers are told that the engine is away")
        .until(() -> outage.unavailable() >= goal || outage.stopped());
  }

  /** Writes entries of a shared list in transactions: in the list they must stand together. */
  private void transact(RunningNode node, String name) {
    var answer = new Answer();
    String token = node.token();
    try (RawHttp connection = node.connect()) {
      for (int turn = 0; !outage.stopped(); turn++) {
        String transaction = name + ":" + turn;
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < TRANSACTION; i++) {
          commands.add("[\"RPUSH\",\"log\",\"" + transaction + ":" + i + "\"]");
        }
        Outcome outcome =
            outage.exchange(connection, "/multi-exec", token, commands.toString(), answer);
        if (outcome == Outcome.SERVED) {
          acknowledged.add(transaction);
          assertConsecutive(answer.body());
        } else if (outcome == Outcome.NOTHING_EXECUTED) {
          neverExecuted.add(transaction);
        }
      }
    } catch (RuntimeException e) {
      outage.wrong(name + ": " + e);
    }
  }

  private void assertConsecutive(String body) {
    long first = Long.parseLong(body.replaceAll("^\\[\\{\"result\":(\\d+)}.*$", "$1"));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < TRANSACTION; i++) {
      expected.add("{\"result\":" + (first + i) + "}");
    }
    if (!body.equals("[" + String.join(",", expected) + "]")) {
      outage.wrong("a transaction was mixed with others: " + body);
    }
  }

  private void judgeTransactions(List<String> log) {
    Set<String> found = new HashSet<>();
    assertThat(log.size() % TRANSACTION).isZero();
    for (int at = 0; at < log.size(); at += TRANSACTION) {
      String transaction = log.get(at).replaceAll(":0$", "");
      for (int i = 0; i < TRANSACTION; i++) {
        assertThat(log.get(at + i)).isEqualTo(transaction + ":" + i);
      }
      assertThat(found.add(transaction)).as("%s was executed once", transaction).isTrue();
    }
    assertThat(acknowledged).isNotEmpty();
    assertThat(found).containsAll(acknowledged).noneMatch(Set.copyOf(neverExecuted)::contains);
  }
}
