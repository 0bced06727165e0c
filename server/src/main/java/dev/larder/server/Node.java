package dev.larder.server;

import dev.larder.LarderException;
import dev.larder.embedded.EmbeddedRedis;
import dev.larder.embedded.EmbeddedRedisException;
import dev.larder.redis.Redis;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.AccessLog;
import dev.larder.server.http.Cors;
import dev.larder.server.http.Health;
import dev.larder.server.http.Metrics;
import dev.larder.server.http.auth.EngineAccess;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.rest.command.EngineCommands;
import dev.larder.server.rest.engine.EngineControl;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running node: the engine, where it is the node's own, and the doors to it. */
final class Node implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(15);

  private final Settings settings;
  private final @Nullable EmbeddedRedis embedded;
  private final Vertx vertx;
  private final Health health;
  private final Engine engine;
  private final EngineControl control;

  private Node(
      Settings settings,
      @Nullable EmbeddedRedis embedded,
      Vertx vertx,
      Health health,
      Engine engine,
      EngineControl control) {
    this.settings = settings;
    this.embedded = embedded;
    this.vertx = vertx;
    this.health = health;
    this.engine = engine;
    this.control = control;
  }

  /**
   * Starts everything, or nothing.
   *
   * @throws StartException if any part of it does not start
   */
  static Node start(Settings settings) {
    EmbeddedRedis embedded = settings.redis() == null ? embedded(settings) : null;
    try {
      EngineAccess access =
          embedded == null
              ? EngineAccess.same(uri(String.valueOf(settings.redis())))
              : DoorUser.access(embedded);
      return start(settings, embedded, access);
    } catch (RuntimeException | Error e) {
      if (embedded != null) {
        embedded.close();
      }
      throw e;
    }
  }

  private static Node start(
      Settings settings, @Nullable EmbeddedRedis embedded, EngineAccess access) {
    // It is the node's own for as long as that runs: see EngineControl.
    Redis redis = reached(access, () -> LettuceRedis.connect(access.own()));
    try {
      Engine engine = reached(access, () -> Engine.detect(redis));
      if (!access.apart()) {
        ScriptRights.warning(redis, engine, access.own().database()).ifPresent(Main::say);
      }
      return serve(settings, embedded, access, redis, engine);
    } catch (RuntimeException | Error e) {
      redis.close();
      throw e;
    }
  }

  private static <T> T reached(EngineAccess access, Supplier<T> asked) {
    try {
      return asked.get();
    } catch (LarderException e) {
      throw new StartException(
          "cannot reach the engine at " + access.own() + ": " + innermost(e), e);
    }
  }

  private static EmbeddedRedis embedded(Settings settings) {
    EmbeddedRedis started;
    try {
      started =
          EmbeddedRedis.start(
              it -> {
                it.directory(settings.data().resolve("engine"))
                    .owner("larder at " + settings.url())
                    .unreadBytes(settings.memory().unreadBytes());
                DoorUser.prepare(it);
              });
    } catch (EmbeddedRedisException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
    String danger = started.binary().knownVulnerability().orElse(null);
    if (danger != null && !settings.loopback() && !settings.acceptVulnerableEngine()) {
      started.close();
      throw new StartException(
          "not listening on "
              + settings.listen()
              + ": "
              + danger
              + " Listen on 127.0.0.1, or say --accept-vulnerable-engine.");
    }
    if (danger != null) {
      Main.say("warning: " + danger);
    }
    return started;
  }

  private static RedisUri uri(String text) {
    try {
      return RedisUri.parse(text);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Node serve(
      Settings settings,
      @Nullable EmbeddedRedis embedded,
      EngineAccess access,
      Redis redis,
      Engine engine) {
    var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var control = new EngineControl(redis, engine, settings.scriptTime(), prometheus);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoops())
                .setPreferNativeTransport(true)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    new JvmMemoryMetrics().bindTo(prometheus);
    new ProcessorMetrics().bindTo(prometheus);
    settings.memory().bindTo(prometheus);
    var health = new Health(engine.toString());
    var wiring =
        new Listener.Wiring(
            settings,
            access,
            control,
            new EngineCommands(engine, () -> Engine.detectAsync(redis), InstantSource.system()),
            new Tokens(settings.tokens(), settings.userTokens()),
            new Cors(settings.corsOrigins()),
            new Metrics(prometheus),
            prometheus,
            new AccessLog(settings.accessLog()),
            health);
    var node = new Node(settings, embedded, vertx, health, engine, control);
    try {
      vertx
          .deployVerticle(
              () -> new Listener(wiring),
              new DeploymentOptions().setInstances(settings.eventLoops()))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      return node;
    } catch (CompletionException e) {
      node.close();
      throw new StartException(
          e.getCause() instanceof BindException || innermost(e).contains("Address already in use")
              ? "cannot listen on "
                  + settings.url()
                  + ": the port is in use; choose another with --port"
              : "cannot listen on " + settings.url() + ": " + innermost(e),
          e);
    }
  }

  private static String innermost(Throwable fault) {
    Throwable cause = fault;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** What the engine is. */
  Engine engine() {
    return engine;
  }

  Settings settings() {
    return settings;
  }

  /**
   * Refuses new requests, lets those under way end for at most 10 s, and stops the engine if it is
   * the node's own.
   */
  @Override
  public void close() {
    health.stopping();
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Main.say("warning: stopped before all was tidied up: " + innermost(e));
    } finally {
      control.close();
      if (embedded != null) {
        embedded.close();
      }
    }
  }
}
