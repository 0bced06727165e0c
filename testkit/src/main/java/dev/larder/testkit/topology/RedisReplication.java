package dev.larder.testkit.topology;

import dev.larder.testkit.RedisProcess;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A primary and its replicas. Nobody promotes a replica but the test, by {@link #promote}.
 *
 * <pre>{@code
 * try (var redis = RedisReplication.start(it -> it.replicas(2))) {
 *   redis.primary().command("SET", "a", "1");
 *   redis.awaitSync();
 *   redis.replicas().get(0).command("GET", "a"); // 1
 * }
 * }</pre>
 */
public final class RedisReplication extends RedisTopology {
  private final Options options;
  private final ReplicaSet set;

  /** How to start; if nothing is chosen: with one replica. */
  public static final class Options extends TopologyOptions<Options> {
    private Options() {
      super(1, 1);
    }

    @Override
    protected Options self() {
      return this;
    }
  }

  private RedisReplication(Options options) {
    this.options = options;
    this.set = ReplicaSet.start(options);
  }

  /**
   * Starts a primary and one replica of the newest engine and returns when they are in sync.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if an engine does not start
   */
  public static RedisReplication start() {
    return start(it -> {});
  }

  /**
   * Starts engines as told and returns when every replica is in sync.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if an engine does not start
   */
  public static RedisReplication start(Consumer<Options> options) {
    var chosen = new Options();
    options.accept(chosen);
    return new RedisReplication(chosen);
  }

  /** {@code redis://127.0.0.1:port} of the engine that is the primary now. */
  @Override
  public String uri() {
    return options.uri("", IntStream.of(set.portOf(primary())));
  }

  /** The one that takes writes. */
  public RedisProcess primary() {
    return set.primary();
  }

  /** The others; one that is restarted follows whoever is the primary then. */
  public List<RedisProcess> replicas() {
    return set.replicas();
  }

  /**
   * Makes a replica the primary, and the others its replicas: those that run at once, those that
   * were killed when they are restarted, those that are paused at {@link #heal()}.
   *
   * @param replica its place in {@link #replicas()}
   * @return the new primary
   */
  public RedisProcess promote(int replica) {
    RedisProcess promoted = replicas().get(replica);
    set.primary(() -> promoted);
    set.assignRoles();
    relays().withoutReplicationDelay(set::awaitSync);
    return promoted;
  }

  /**
   * Waits until every replica that runs has all that the primary has now.
   *
   * @throws IllegalStateException if it does not within a minute
   */
  public void awaitSync() {
    set.awaitSync();
  }

  @Override
  public List<RedisProcess> processes() {
    return set.engines();
  }

  @Override
  List<RedisProcess> engines() {
    return set.engines();
  }

  @Override
  Relays relays() {
    return set.relays();
  }

  @Override
  void reunite() {
    set.engines().forEach(RedisTopology::resumeOrRestart);
    set.assignRoles();
    set.awaitSync();
  }

  @Override
  void flushPrimaries() {
    primary().flush();
    awaitSync();
  }
}
