package dev.larder.testkit.topology;

import dev.larder.testkit.RedisProcess;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

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

  private final Options options;
  private final ReplicaSet set;
  private final List<RedisProcess> sentinels = new CopyOnWriteArrayList<>();
  private volatile RedisProcess lastPrimary;

  /** How to start; if nothing is chosen: with two replicas. */
  public static final class Options extends TopologyOptions<Options> {
    private String name = "larder";

    private Options() {
      super(1, 2);
    }

    @Override
    protected Options self() {
      return this;
    }

    /**
     * What the Sentinels call the primary; {@code larder} if not chosen.
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
  }

  private RedisSentinels(Options options) {
    this.options = options;
    set = ReplicaSet.start(options);
    lastPrimary = set.primary();
    try {
      sentinels.addAll(startAll(SENTINELS, index -> this::configure));
      set.primary(this::primary);
      set.relays().withoutReplicationDelay(this::awaitAgreement);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void configure(RedisProcess.Options sentinel) {
    sentinel.sentinel().binary(options.binary());
    if (options.isTls()) {
      sentinel.tls();
    }
    // After a restart with another ID, the others would count one Sentinel more for ever.
    byte[] id = new byte[20];
    ThreadLocalRandom.current().nextBytes(id);
    sentinel.config("sentinel myid " + HexFormat.of().formatHex(id)).configAtStart(this::watch);
  }

  /** A Sentinel's configuration: it watches the primary that the others name when it starts. */
  private List<String> watch() {
    String name = options.name;
    List<String> lines = new ArrayList<>();
    lines.add("sentinel monitor " + name + " 127.0.0.1 " + set.portOf(primary()) + " 2");
    lines.add("sentinel down-after-milliseconds " + name + " 1000");
    lines.add("sentinel failover-timeout " + name + " 3000");
    lines.add("sentinel parallel-syncs " + name + " 8");
    if (!options.password().isEmpty()) {
      lines.add("sentinel auth-pass " + name + " " + options.password());
    }
    return lines;
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
    return options.uri("-sentinel", sentinels.stream().mapToInt(RedisProcess::port))
        + "/0#"
        + options.name;
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
    try (var connections = new Connections()) {
      List<String> address =
          connections.list(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", options.name);
      return set.engines().stream()
          .filter(it -> address.size() == 2 && address.get(1).equals("" + set.portOf(it)))
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
    Poll.until("another primary elected", () -> agreed().filter(it -> it != old).isPresent());
    relays().withoutReplicationDelay(set::awaitSync);
    return primary();
  }

  private Optional<RedisProcess> agreed() {
    List<Optional<RedisProcess>> named =
        sentinels.stream().filter(RedisProcess::isRunning).map(this::namedBy).distinct().toList();
    return named.size() == 1 ? named.get(0) : Optional.empty();
  }

  private void awaitAgreement() {
    Poll.until("every Sentinel knows of all and finds them healthy", this::allAgree);
  }

  private boolean allAgree() {
    return agreed().isPresent() && sentinels.stream().allMatch(this::findsAllWell) && isInSync();
  }

  private boolean isInSync() {
    // A Sentinel would do it too, but takes ten seconds to be sure.
    set.assignRoles();
    return set.isInSync();
  }

  private boolean findsAllWell(RedisProcess sentinel) {
    try (var connections = new Connections()) {
      List<String> state = connections.list(sentinel, "SENTINEL", "MASTER", options.name);
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
    // A Sentinel learns of replicas that join after its own start only ten seconds later.
    Poll.until("every replica in sync with its primary", this::isInSync);
    for (RedisProcess sentinel : sentinels) {
      // One that was paused would trust nothing it sees for 30 s (TILT).
      if (!sentinel.isRunning()) {
        sentinel.restart();
      }
    }
    awaitAgreement();
  }

  @Override
  void flushPrimaries() {
    primary().flush();
    set.awaitSync();
  }
}
