package dev.larder.testkit.topology;

import dev.larder.testkit.ClassResource;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.relay.TcpRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Several engines that work together: {@link RedisReplication}, {@link RedisSentinels} and {@link
 * RedisCluster}. Either in a try-with-resources, or for a test class, which finds it complete and
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
public abstract sealed class RedisTopology extends ClassResource
    permits RedisReplication, RedisSentinels, RedisCluster {
  private static final long START_SECONDS = 120;

  RedisTopology() {}

  /** Starts that many at the same time; if one does not start, closes the others. */
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
        started.add(started(start));
      } catch (RuntimeException e) {
        failure = e;
        // It may still start, and nobody else would end it.
        var unused = start.thenAccept(RedisProcess::close);
      }
    }
    if (failure != null) {
      started.forEach(RedisProcess::close);
      throw failure;
    }
    return started;
  }

  private static RedisProcess started(CompletableFuture<RedisProcess> start) {
    try {
      return start.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "still waiting after " + START_SECONDS + " s: an engine has started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: an engine has started", e);
    }
  }

  /** The URI for clients, password included. */
  public abstract String uri();

  /** Every process, dead ones included. */
  public abstract List<RedisProcess> processes();

  /** Those that hold data. */
  abstract List<RedisProcess> engines();

  abstract Relays relays();

  /**
   * The relay in front of an engine.
   *
   * @throws IllegalStateException if the topology was not started {@link TopologyOptions#relayed()}
   */
  public final TcpRelay relayOf(RedisProcess engine) {
    return relays().of(engine);
  }

  /**
   * Restarts what was killed, resumes what was paused, heals the relays, and returns when all work
   * together again. Slots that were moved and replicas that were promoted remain so.
   *
   * @throws IllegalStateException if they do not within a minute
   */
  public final void heal() {
    relays().heal();
    relays().withoutReplicationDelay(this::reunite);
  }

  /** Starts what is dead or paused, and waits until all agree. */
  abstract void reunite();

  /**
   * Deletes all data and functions, and returns when the replicas have none left either.
   *
   * @throws IllegalStateException if they do not within a minute
   */
  public final void flush() {
    relays().withoutReplicationDelay(this::flushPrimaries);
  }

  abstract void flushPrimaries();

  /** Each engine {@link RedisProcess#reset()}, then all of {@link #heal()} and {@link #flush()}. */
  @Override
  protected final void makeReady() {
    relays().heal();
    engines().parallelStream().forEach(RedisProcess::reset);
    heal();
    flush();
  }

  /** Ends every process and deletes what it wrote; does nothing the second time. */
  @Override
  public void close() {
    processes().parallelStream().forEach(RedisProcess::close);
    relays().close();
  }

  static void resumeOrRestart(RedisProcess process) {
    process.resume();
    if (!process.isAlive()) {
      process.restart();
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return uri().replaceFirst("//:.*@", "//");
  }
}
