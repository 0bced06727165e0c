package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A primary, its replicas, and three Sentinels, two of whom must agree that the primary is down,
 * which they do after a second of silence.
 *
 * <pre>{@code
 * try (var redis = RedisSentinels.start()) {
 *   var client = RedisClient.create(redis.uri());
 *   redis.failOver();
 *   redis.primary().command("GET", "a");
 * }
 * }</pre>
 */
public final class RedisSentinels extends RedisTopology {
  private static final int SENTINELS = 3;

  private final String name;
  private final ReplicaSet set;
  private final List<RedisProcess> sentinels = new CopyOnWriteArrayList<>();
  private volatile RedisProcess lastPrimary;

  /** How to start; without any: two replicas, the newest engine, nothing persisted. */
  public static final class Options {
    private @Nullable EngineBinary binary;
    private int replicas = 2;
    private String name = "larder";
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
      this.replicas = RedisReplication.atLeastOne(replicas);
      return this;
    }

    /**
     * What the Sentinels call the primary; {@code larder} if not told.
     *
     * @throws IllegalArgumentException if it has other characters than {@code A-Z a-z 0-9 . _ -}
     */
    public Options name(String name) {
      if (!name.matches("[A-Za-z0-9._-]+")) {
        throw new IllegalArgumentException("a name is of A-Z a-z 0-9 . _ - only, was " + name);
      }
      this.name = name;
      return this;
    }

    /** One more line of redis.conf of every engine that is not a Sentinel. */
    public Options config(String line) {
      lines.add(line);
      return this;
    }
  }

  private RedisSentinels(Options options) {
    name = options.name;
    set = ReplicaSet.start(options.binary, options.replicas, options.lines);
    lastPrimary = set.primary();
    try {
      sentinels.addAll(
          startAll(
              SENTINELS,
              index ->
                  it -> {
                    if (options.binary != null) {
                      it.binary(options.binary);
                    }
                    it.sentinel().linesAtStart(this::watch);
                  }));
      set.primary(this::primary);
      awaitAgreement();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** What a Sentinel's file says: whom it watches, as the others see it when it starts. */
  private List<String> watch() {
    return List.of(
        "sentinel monitor " + name + " 127.0.0.1 " + primary().port() + " 2",
        "sentinel down-after-milliseconds " + name + " 1000",
        "sentinel failover-timeout " + name + " 3000",
        "sentinel parallel-syncs " + name + " 8");
  }

  /**
   * Starts a primary, two replicas and three Sentinels of the newest engine.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if one does not start
   */
  public static RedisSentinels start() {
    return start(it -> {});
  }

  /**
   * Starts engines as told, and returns when every Sentinel knows of every engine and Sentinel.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if one does not start
   */
  public static RedisSentinels start(Consumer<Options> options) {
    var chosen = new Options();
    options.accept(chosen);
    return new RedisSentinels(chosen);
  }

  /** {@code redis-sentinel://127.0.0.1:p1,127.0.0.1:p2,127.0.0.1:p3/0#name}. */
  @Override
  public String uri() {
    return "redis-sentinel://" + nodes(sentinels) + "/0#" + name;
  }

  /** Whoever it is now, as the first Sentinel that answers says. */
  public RedisProcess primary() {
    for (RedisProcess sentinel : sentinels) {
      Optional<RedisProcess> named = sentinel.isRunning() ? namedBy(sentinel) : Optional.empty();
      if (named.isPresent()) {
        lastPrimary = named.get();
        break;
      }
    }
    return lastPrimary;
  }

  private Optional<RedisProcess> namedBy(RedisProcess sentinel) {
    try (var wire = new Wire(sentinel)) {
      List<String> address = wire.list("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name);
      return set.engines().stream()
          .filter(it -> address.size() == 2 && address.get(1).equals("" + it.port()))
          .findFirst();
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** The engines that are not the primary now, dead ones included. */
  public List<RedisProcess> replicas() {
    return set.replicas();
  }

  /** The Sentinels. One that is restarted begins with the primary that the others name then. */
  public List<RedisProcess> sentinels() {
    return List.copyOf(sentinels);
  }

  /**
   * Kills the primary (SIGKILL), and returns when all Sentinels that run name another one, which
   * the rest follow. The killed one, when it is restarted, follows the new one.
   *
   * @return the new primary
   * @throws IllegalStateException if none is elected within a minute
   */
  public RedisProcess failOver() {
    RedisProcess old = primary();
    old.kill();
    Wait.until("another primary elected", () -> agreed().filter(it -> it != old).isPresent());
    Wait.until("the new primary followed", set::isInSync);
    return primary();
  }

  private Optional<RedisProcess> agreed() {
    List<Optional<RedisProcess>> named =
        sentinels.stream().filter(RedisProcess::isRunning).map(this::namedBy).distinct().toList();
    return named.size() == 1 ? named.get(0) : Optional.empty();
  }

  private void awaitAgreement() {
    Wait.until("every Sentinel knows of all and finds them well", this::isWhole);
  }

  private boolean isWhole() {
    if (agreed().isEmpty() || !sentinels.stream().allMatch(this::findsAllWell)) {
      return false;
    }
    // A Sentinel would do it too, but takes ten seconds to be sure.
    set.assignRoles();
    return set.isInSync();
  }

  private boolean findsAllWell(RedisProcess sentinel) {
    try (var wire = new Wire(sentinel)) {
      List<String> state = wire.list("SENTINEL", "MASTER", name);
      return value(state, "flags").equals("master")
          && value(state, "num-other-sentinels").equals("" + (SENTINELS - 1))
          && value(state, "num-slaves").equals("" + (set.engines().size() - 1));
    }
  }

  private static String value(List<String> fields, String field) {
    int at = fields.indexOf(field);
    return at < 0 ? "" : fields.get(at + 1);
  }

  @Override
  public List<RedisProcess> processes() {
    List<RedisProcess> all = new ArrayList<>(set.engines());
    all.addAll(sentinels);
    return List.copyOf(all);
  }

  @Override
  public void heal() {
    for (RedisProcess sentinel : sentinels) {
      // One that was paused would trust nothing it sees for 30 s (TILT).
      if (!sentinel.isRunning()) {
        sentinel.restart();
      }
    }
    set.engines().forEach(RedisTopology::resumeOrRestart);
    awaitAgreement();
  }

  @Override
  public void flush() {
    primary().command("FLUSHALL");
    set.engines().forEach(it -> it.command("SCRIPT", "FLUSH"));
    set.awaitSync();
  }
}
