package dev.larder.server.failure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RunningNode;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.relay.TcpRelay.Direction;
import dev.larder.testkit.topology.RedisCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A primary of a Cluster that is cut off, not killed, under load: its connections stand, and no
 * byte passes. Whoever it does not concern does not notice.
 */
@Order(3)
class ClusterCutOffIT {
  private static final int CALLERS = 90;

  @RegisterExtension static final RedisCluster cluster = RedisCluster.start(it -> it.relayed());

  @TempDir Path scratch;
  private final Outage outage = new Outage();

  static List<Set<Direction>> waysToBeCutOff() {
    return List.of(
        // Nothing arrives; commands arrive and are executed, and no reply comes back.
        Set.of(Direction.TO_TARGET, Direction.TO_CLIENT), Set.of(Direction.TO_CLIENT));
  }

  @ParameterizedTest(name = "while nothing passes {0}")
  @MethodSource("waysToBeCutOff")
  void costsItsCallersTheBudgetAtMostAndTheOthersNothing(Set<Direction> ways) throws Exception {
    try (RunningNode node = RunningNode.on(cluster.uri(), scratch)) {
      List<OutageCaller> callers =
          IntStream.range(0, CALLERS).mapToObj(i -> new OutageCaller(outage, node, i)).toList();
      RedisProcess cutOff = cluster.nodeOf(callers.get(0).counter());
      List<OutageCaller> concerned = callersOf(callers, cutOff);
      List<OutageCaller> others = callers.stream().filter(it -> !concerned.contains(it)).toList();
      assertThat(concerned).hasSizeGreaterThan(1);
      assertThat(others).hasSizeGreaterThan(1);
      ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
      try {
        callers.forEach(threads::execute);
        awaitAll("callers are served", callers, OutageCaller::served, 10);
        ways.forEach(cluster.relayOf(cutOff)::stall);
        awaitAll("its callers are told", concerned, OutageCaller::unserved, 2);
        awaitAll("the others are served meanwhile", others, OutageCaller::served, 50);
        cluster.relayOf(cutOff).resume();
        awaitAll("all are served again", callers, OutageCaller::served, 10);
        outage.over();
        awaitAll("and remain so", callers, OutageCaller::served, 20);
      } finally {
        outage.stop();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, SECONDS)).isTrue();
      }
      callers.forEach(it -> it.judge(cluster.nodeOf(it.counter()).command("GET", it.counter())));
      assertThat(outage.wrong()).isEmpty();
      assertThat(others).allMatch(it -> it.unserved() == 0);
    }
  }

  private static List<OutageCaller> callersOf(List<OutageCaller> callers, RedisProcess primary) {
    return callers.stream().filter(it -> cluster.nodeOf(it.counter()) == primary).toList();
  }

  private void awaitAll(
      String what, List<OutageCaller> callers, ToLongFunction<OutageCaller> count, int more) {
    long[] goals = callers.stream().mapToLong(it -> count.applyAsLong(it) + more).toArray();
    await(what)
        .until(
            () ->
                outage.stopped()
                    || IntStream.range(0, goals.length)
                        .allMatch(i -> count.applyAsLong(callers.get(i)) >= goals[i]));
  }
}
