package dev.larder.embedded;

import dev.larder.embedded.system.TemporaryDirectory;
import dev.larder.embedded.system.Uninterruptible;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real engine that this process starts, keeps running, and stops. It listens on 127.0.0.1 with a
 * random password, and writes to an append-only file flushed every second. If it dies it is started
 * again on the same port with the same password; if this process dies, by whatever means, it is
 * ended.
 *
 * <pre>{@code
 * try (var redis = EmbeddedRedis.start(it -> it.directory(Path.of(".larder")))) {
 *   connect(redis.uri());
 * }
 * }</pre>
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);

  /** Persistence, and that RESTORE looks into what clients give it: Redis would believe it. */
  private static final List<String> DIRECTIVES =
      List.of("appendonly yes", "appendfsync everysec", "sanitize-dump-payload clients");

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Path directory;
  private final Closeable hold;
  private final EngineSettings settings;
  private final List<EngineUser> users;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final @Nullable Thread exitHook;
  private final FutureTask<@Nullable Void> supervision = new FutureTask<>(this::supervise, null);
  private volatile EngineProcess engine;

  /** How to start; every option has a safe default. */
  public static final class Options {
    private @Nullable Path directory;
    private @Nullable EngineBinary binary;
    private String owner = "process " + ProcessHandle.current().pid();
    private final List<EngineUser> users = new ArrayList<>();
    private @Nullable Duration busyAfter;
    private long unreadBytes;

    private Options() {}

    /** Keeps the data here between starts; without it a temporary directory lives until close. */
    public Options directory(Path directory) {
      this.directory = directory;
      return this;
    }

    /** Who holds the directory, such as the node's address: shown to others who want it. */
    public Options owner(String owner) {
      this.owner = owner;
      return this;
    }

    /**
     * A further user of the engine's access control, with a random password: {@link #uri(String)}.
     * He is there from the engine's first moment on, and again whenever it has to be started again.
     *
     * @param name of letters, digits, {@code _} and {@code -}
     * @param rules what he may do, such as {@code ~* &* +@all -@admin}, for the engine that is
     *     started: an older one knows fewer commands, and refuses rules about others
     */
    public Options user(String name, Function<EngineBinary, String> rules) {
      users.add(new EngineUser(name, randomPassword(), rules));
      return this;
    }

    /**
     * How many bytes of replies the engine keeps for a client that does not read them, before it
     * closes that connection rather than take all memory there is; without limit unless said.
     */
    public Options unreadBytes(long bytes) {
      unreadBytes = bytes;
      return this;
    }

    /**
     * How long one script may keep the engine to itself before others are answered {@code BUSY},
     * and may end it; five seconds unless said.
     */
    public Options busyAfter(Duration time) {
      busyAfter = time;
      return this;
    }

    private List<String> directives(EngineBinary engine) {
      List<String> lines = new ArrayList<>(DIRECTIVES);
      if (unreadBytes > 0) {
        lines.add("client-output-buffer-limit normal " + unreadBytes + " 0 0");
      }
      if (busyAfter != null) {
        // By the name that Redis 6.2 has for it, and that later ones still know.
        lines.add("lua-time-limit " + busyAfter.toMillis());
      }
      users.forEach(it -> lines.add(it.directive(engine)));
      return lines;
    }

    /** The engine to run; without it the newest one that may open the directory's data. */
    public Options binary(EngineBinary binary) {
      this.binary = binary;
      return this;
    }
  }

  /**
   * @param hold the hold on the directory, released at close
   * @param exitHook whether to close when the JVM ends: not where the directory is kept, for there
   *     the guard ends the engine after the JVM, and shutdown hooks may still use it
   */
  private EmbeddedRedis(
      EngineSettings settings,
      List<EngineUser> users,
      EngineProcess engine,
      Closeable hold,
      boolean exitHook) {
    this.settings = settings;
    this.users = List.copyOf(users);
    this.engine = engine;
    this.directory = settings.directory();
    this.hold = hold;
    this.exitHook = exitHook ? new Thread(this::end, "larder-engine-exit") : null;
  }

  /**
   * Starts an engine in a temporary directory, which is deleted at close.
   *
   * @throws EmbeddedRedisException if it cannot
   */
  public static EmbeddedRedis start() {
    return start(it -> {});
  }

  /**
   * Starts an engine and returns when it answers, however long it takes to load its data.
   *
   * @throws EmbeddedRedisException if no engine is found or it does not start; if the directory
   *     cannot be used, is in use, or holds data that the engine cannot read
   */
  public static EmbeddedRedis start(Consumer<Options> options) {
    if (File.separatorChar == '\\') {
      throw new EmbeddedRedisException(
          "an engine of one's own needs Linux or macOS (or WSL): start a Redis elsewhere and name it");
    }
    var chosen = new Options();
    options.accept(chosen);
    return chosen.directory == null
        ? startTemporarily(chosen)
        : startIn(DataDirectory.open(chosen.directory, chosen.owner), chosen);
  }

  private static EmbeddedRedis startTemporarily(Options chosen) {
    EngineBinary binary = chosen.binary == null ? EngineBinary.newest() : chosen.binary;
    TemporaryDirectory directory;
    try {
      directory = TemporaryDirectory.create();
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot make a temporary directory: " + e.getMessage(), e);
    }
    try {
      EngineSettings settings = settings(binary, directory.path(), chosen);
      EngineProcess engine = EngineProcess.startOnFreePort(settings);
      return new EmbeddedRedis(settings, chosen.users, engine, directory, true).begin();
    } catch (RuntimeException | Error e) {
      release(directory, e);
      throw e;
    }
  }

  private static EmbeddedRedis startIn(DataDirectory directory, Options chosen) {
    try {
      directory.endSurvivor();
      EngineBinary binary = fitting(directory, chosen.binary);
      EngineSettings settings = settings(binary, directory.path(), chosen);
      EngineProcess engine =
          EngineProcess.startOnFreePort(
              settings, it -> directory.describeEngine("127.0.0.1:" + it.port()));
      var redis = new EmbeddedRedis(settings, chosen.users, engine, directory, false).begin();
      try {
        // Not before it has answered: one that does not must not lock an older one out.
        directory.record(binary);
      } catch (RuntimeException e) {
        redis.close();
        throw e;
      }
      return redis;
    } catch (RuntimeException | Error e) {
      release(directory, e);
      throw e;
    }
  }

  /** Releases a directory in which no engine could be started. */
  private static void release(Closeable hold, Throwable why) {
    try {
      hold.close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static EngineBinary fitting(DataDirectory directory, @Nullable EngineBinary wanted) {
    EngineBinary binary =
        wanted != null
            ? wanted
            : EngineBinary.onPath().stream()
                .filter(it -> directory.refusal(it).isEmpty())
                .findFirst()
                .orElseGet(EngineBinary::newest);
    directory
        .refusal(binary)
        .ifPresent(
            it -> {
              throw new EmbeddedRedisException("cannot open " + directory.path() + ": " + it);
            });
    return binary;
  }

  private static EngineSettings settings(EngineBinary binary, Path directory, Options chosen) {
    return new EngineSettings(binary, directory, randomPassword(), chosen.directives(binary));
  }

  private static String randomPassword() {
    byte[] password = new byte[32];
    new SecureRandom().nextBytes(password);
    return HexFormat.of().formatHex(password);
  }

  private EmbeddedRedis begin() {
    var supervisor = new Thread(supervision, "larder-engine-supervisor");
    supervisor.setDaemon(true);
    supervisor.start();
    if (exitHook != null) {
      try {
        Runtime.getRuntime().addShutdownHook(exitHook);
      } catch (IllegalStateException e) {
        end();
        throw new EmbeddedRedisException("this JVM is ending", e);
      }
    }
    return this;
  }

  private void supervise() {
    try {
      while (true) {
        engine.awaitEnd();
        if (isClosed()) {
          return;
        }
        log.warn("the engine at {} has died: starting it again", address());
        startAgain();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startAgain() throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
      try {
        // Which ends it first where it was the guard that was killed.
        engine.restart(settings, this::adopt);
        return;
      } catch (RuntimeException e) {
        if (!isClosed()) {
          log.error("cannot start the engine again, and will retry: {}", e.getMessage());
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  /** Takes over a process at once, so that close need not wait until it answers. */
  private void adopt(EngineProcess process) {
    lock.lock();
    try {
      if (isClosed()) {
        throw new IllegalStateException("closed");
      }
      engine = process;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /**
   * {@code redis://:password@127.0.0.1:port}, the same until close, as the user who may do
   * everything: a secret, not for logs.
   */
  public String uri() {
    return settings.uri(engine.port());
  }

  /**
   * {@code redis://user:password@127.0.0.1:port}, the same until close, as a user whom {@link
   * Options#user} made: a secret, not for logs.
   */
  public String uri(String user) {
    return users.stream()
        .filter(it -> it.name().equals(user))
        .findFirst()
        .map(it -> "redis://%s:%s@127.0.0.1:%d".formatted(it.name(), it.password(), engine.port()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no user '%s' was made, but %s".formatted(user, users)));
  }

  /** {@code 127.0.0.1:port}: fit to be shown. */
  public String address() {
    return "127.0.0.1:" + engine.port();
  }

  /** The engine that runs. */
  public EngineBinary binary() {
    return settings.binary();
  }

  /** Where its data is. */
  public Path directory() {
    return directory;
  }

  /** The engine's process now; another one after it had to be started again. */
  public long pid() {
    return engine.pid();
  }

  /**
   * Ends the engine, gracefully if it does so within ten seconds, and releases the directory, which
   * is deleted if it is temporary. Does nothing the second time.
   *
   * @throws EmbeddedRedisException if this JVM may not end the engine, or cannot delete the
   *     directory, which is released all the same
   */
  @Override
  public void close() {
    if (exitHook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(exitHook);
      } catch (IllegalStateException e) {
        // The JVM is ending; whichever comes second finds nothing left to do.
      }
    }
    end();
  }

  private void end() {
    lock.lock();
    try {
      if (isClosed()) {
        return;
      }
      closed.countDown();
    } finally {
      lock.unlock();
    }
    try (hold) {
      engine.close();
      // The supervisor may just have started another one, which it then ends.
      Uninterruptible.until(supervision::isDone, GRACE);
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot close " + this + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return settings.binary() + " at " + address() + " in " + directory;
  }
}
