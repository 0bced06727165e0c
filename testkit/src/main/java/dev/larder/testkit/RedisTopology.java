package dev.larder.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Several engines that work together: {@link RedisReplication}, {@link RedisSentinels} and {@link
 * RedisCluster}. Either in a try-with-resources, or for a test class, which finds it whole and
 * empty before each test, whatever the one before did to it:
 *
 * <pre>{@code
 * @RegisterExtension static final RedisTopology redis = RedisCluster.start();
 *
 * @Test
 * void keepsItsPromise() {
 *   try (var client = connect(redis.uri())) {…}
 * }
 * }</pre>
 */
public abstract sealed class RedisTopology
    implements AutoCloseable, BeforeAllCallback, BeforeEachCallback, AfterAllCallback
    permits RedisReplication, RedisSentinels, RedisCluster {
  private final ClassScope scope = new ClassScope();

  RedisTopology() {}

  /** Starts so many at the same time; all or none. */
  static List<RedisProcess> startAll(
      int count, IntFunction<Consumer<RedisProcess.Options>> options) {
    List<CompletableFuture<RedisProcess>> starts =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> RedisProcess.start(options.apply(i)),
                        task -> new Thread(task, "start-" + i).start()))
            .toList();
    List<RedisProcess> started = new ArrayList<>();
    RuntimeException failure = null;
    for (CompletableFuture<RedisProcess> start : starts) {
      try {
        started.add(start.join());
      } catch (CompletionException e) {
        failure = e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
    if (failure != null) {
      started.forEach(RedisProcess::close);
      throw failure;
    }
    return started;
  }

  /** What a client is given. */
  public abstract String uri();

  /** Every process, dead ones included. */
  public abstract List<RedisProcess> processes();

  /**
   * Brings back what was killed or paused, and returns when all work together again.
   *
   * @throws IllegalStateException if they do not within a minute
   */
  public abstract void heal();

  /** Deletes all data and scripts. */
  public abstract void flush();

  @Override
  public void beforeAll(ExtensionContext context) {
    scope.begin(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    heal();
    flush();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (scope.endsWith(context)) {
      close();
    }
  }

  /** Ends every process and deletes what it wrote; does nothing the second time. */
  @Override
  public void close() {
    processes().parallelStream().forEach(RedisProcess::close);
  }

  static void resumeOrRestart(RedisProcess process) {
    process.resume();
    if (!process.isAlive()) {
      process.restart();
    }
  }

  static String nodes(List<RedisProcess> processes) {
    return String.join(",", processes.stream().map(it -> "127.0.0.1:" + it.port()).toList());
  }

  @Override
  public String toString() {
    return uri();
  }
}
