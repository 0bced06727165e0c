package dev.larder.redis.lettuce;

import dev.larder.redis.Call;
import dev.larder.redis.NodeId;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisRefusedException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.link.LettuceOptions;
import dev.larder.redis.uri.RedisUri;
import dev.larder.redis.uri.RedisUri.Topology;
import io.lettuce.core.resource.Transports;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redis over TCP or a unix socket: one engine, one found through Sentinels, or a Cluster. All
 * threads share one connection to each node, and all connections one event loop.
 */
public final class LettuceRedis implements Redis {
  private static final Logger log = LoggerFactory.getLogger(LettuceRedis.class);
  private static final Duration LONGEST_CLOSING = Duration.ofSeconds(5);

  private final Route route;
  private final CallLoop calls;
  private final Duration budget;
  private final Runnable whenClosed;

  private LettuceRedis(Route route, CallLoop calls, Duration budget, Runnable whenClosed) {
    this.route = route;
    this.calls = calls;
    this.budget = budget;
    this.whenClosed = whenClosed;
  }

  /**
   * Connects.
   *
   * @throws RedisUnavailableException if it cannot be reached now
   * @throws RedisRefusedException if it refuses, and will go on doing so: the password, say
   */
  public static LettuceRedis connect(RedisUri uri) {
    return connect(uri, it -> {});
  }

  /**
   * As {@link #connect(RedisUri)}, with options: {@code connect(uri, it ->
   * it.budget(ofMillis(500)))}.
   *
   * @throws IllegalArgumentException if an option makes no sense
   * @throws RedisUnavailableException if it cannot be reached now
   * @throws RedisRefusedException if it refuses, and will go on doing so: the password, say
   */
  public static LettuceRedis connect(RedisUri uri, Consumer<LettuceOptions.Builder> choice) {
    LettuceOptions options = LettuceOptions.of(choice);
    if (uri.socket().isPresent() && !Transports.NativeTransports.isDomainSocketSupported()) {
      throw new RedisRefusedException(
          "cannot connect to "
              + uri
              + ": a unix socket needs Netty's native transport: put"
              + " io.netty:netty-transport-native-epoll with this machine's classifier on the class path",
          null);
    }
    var threads = new LoopThreads(uri, options);
    Route route =
        uri.topology() == Topology.CLUSTER
            ? new ClusterRoute(uri, threads, options)
            : new EngineRoute(uri, threads, options);
    var closed = new AtomicBoolean();
    Runnable close =
        () -> {
          if (closed.compareAndSet(false, true)) {
            close(route, threads);
          }
        };
    try {
      // Every node that is named may be tried, each in two steps: TCP, and who we are.
      LoopThreads.await(
          route.connect(), options.connectTimeout().multipliedBy(2L * uri.nodes().size() + 2));
    } catch (ExecutionException | RuntimeException e) {
      close.run();
      throw Faults.notConnected(uri, e);
    }
    return new LettuceRedis(route, new CallLoop(threads.loop(), route), options.budget(), close);
  }

  private static void close(Route route, LoopThreads threads) {
    CompletionStage<Void> closed = route.close();
    if (!threads.loop().inEventLoop()) {
      try {
        LoopThreads.await(closed, LONGEST_CLOSING);
      } catch (ExecutionException | RuntimeException e) {
        log.warn("the connection to Redis was not closed in order: {}", Faults.reason(e));
      }
    }
    threads.close();
  }

  @Override
  public CompletionStage<Reply> send(Call call) {
    var answer = new Answer(calls, call, budget);
    calls.submit(answer);
    return answer;
  }

  @Override
  public CompletionStage<List<Outcome>> sendAll(List<? extends Call> all) {
    return all.isEmpty()
        ? CompletableFuture.completedFuture(List.of())
        : gather(all, (index, call) -> calls.start(call), Function.identity());
  }

  @Override
  public CompletionStage<Map<NodeId, Outcome>> sendToPrimaries(Call call) {
    if (call.hasKey()) {
      throw new IllegalArgumentException(
          call + " has a key, and so belongs to one node: use send(call)");
    }
    List<NodeId> primaries = route.primaries();
    return gather(
        Collections.nCopies(primaries.size(), call),
        (index, one) -> calls.startAt(primaries.get(index), one),
        outcomes -> {
          Map<NodeId, Outcome> ofEach = new LinkedHashMap<>();
          primaries.forEach(it -> ofEach.put(it, outcomes.get(ofEach.size())));
          return Collections.unmodifiableMap(ofEach);
        });
  }

  private <T> CompletionStage<T> gather(
      List<? extends Call> all, Answers.Start start, Function<List<Outcome>, T> finish) {
    var answers = new Answers<>(calls, all, budget, start, finish);
    calls.submit(answers);
    return answers;
  }

  @Override
  public Redis within(Duration budget) {
    LettuceOptions.checkBudget(budget);
    return new LettuceRedis(route, calls, budget, () -> {});
  }

  @Override
  public void close() {
    whenClosed.run();
  }
}
