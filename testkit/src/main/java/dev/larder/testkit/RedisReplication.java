package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A primary and its replicas, without anybody who would promote one of them.
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
  private final ReplicaSet set;

  /** How to start; without any: one replica, the newest engine, nothing persisted. */
  public static final class Options {
    private @Nullable EngineBinary binary;
    private int replicas = 1;
    private final List<String> lines = new ArrayList<>();

    private Options() {}

    /** The engine to run. */
    public Options binary(EngineBinary binary) {
      this.binary = binary;
      return this;
    }

    /**
     * How many replicas.
     *
     * @throws IllegalArgumentException if there are to be less than one
     */
    public Options replicas(int replicas) {
      this.replicas = atLeastOne(replicas);
      return this;
    }

    /** One more line of every engine's redis.conf. */
    public Options config(String line) {
      lines.add(line);
      return this;
    }
  }

  private RedisReplication(ReplicaSet set) {
    this.set = set;
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
    return new RedisReplication(ReplicaSet.start(chosen.binary, chosen.replicas, chosen.lines));
  }

  static int atLeastOne(int replicas) {
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas must be at least 1, was " + replicas);
    }
    return replicas;
  }

  /** {@code redis://127.0.0.1:port} of whoever is the primary now. */
  @Override
  public String uri() {
    return primary().uri();
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
    set.awaitSync();
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
    return List.copyOf(set.engines());
  }

  @Override
  public void heal() {
    set.engines().forEach(RedisTopology::resumeOrRestart);
    set.assignRoles();
    set.awaitSync();
  }

  @Override
  public void flush() {
    primary().command("FLUSHALL");
    processes().forEach(it -> it.command("SCRIPT", "FLUSH"));
    awaitSync();
  }
}
