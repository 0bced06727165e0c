package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.larder.redis.Redis;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.AccessLog;
import dev.larder.server.http.Metrics;
import dev.larder.server.http.Routes;
import dev.larder.server.http.auth.Access;
import dev.larder.server.http.auth.EngineAccess;
import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.http.auth.UserTokens;
import dev.larder.server.http.memory.ByteBudget;
import dev.larder.server.http.memory.MemoryLimits;
import dev.larder.server.rest.command.EngineCommands;
import dev.larder.server.rest.engine.EngineControl;
import dev.larder.server.rest.engine.EngineLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.ContextInternal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The REST door to an engine or a Cluster, on one event loop, over real HTTP. */
final class TestDoor implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 60;
  private static final String TOKEN = "a-token-that-is-long-enough-for-anyone";
  private static final UserTokens OF_USERS =
      new UserTokens("the secret of all doors in these tests");

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Metrics metrics = new Metrics(new SimpleMeterRegistry());
  private final Duration budget;
  private final EngineControl control;
  private final int port;

  /** An answer's status and body. */
  record Answer(int status, String body) {}

  /** With the node's default budget. */
  TestDoor(String redis) {
    this(redis, Duration.ofSeconds(2));
  }

  /** With a budget for each request. */
  TestDoor(String redis, Duration budget) {
    this.budget = budget;
    RedisUri uri = RedisUri.parse(redis);
    Redis own = LettuceRedis.connect(uri);
    Engine engine = Engine.detect(own);
    control = new EngineControl(own, engine, null, metrics.registry());
    var commands =
        new EngineCommands(
            engine, () -> CompletableFuture.completedStage(engine), InstantSource.system());
    var verticle = new Verticle(uri, control, commands, budget, metrics);
    join(vertx.deployVerticle(verticle));
    port = verticle.port();
  }

  private static final class Verticle extends VerticleBase {
    private final RedisUri uri;
    private final EngineControl control;
    private final EngineCommands commands;
    private final Duration budget;
    private final Metrics metrics;
    private @Nullable RestDoor door;
    private @Nullable HttpServer server;

    Verticle(
        RedisUri uri,
        EngineControl control,
        EngineCommands commands,
        Duration budget,
        Metrics metrics) {
      this.uri = uri;
      this.control = control;
      this.commands = commands;
      this.budget = budget;
      this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
      EventLoop loop = ((ContextInternal) context).nettyEventLoop();
      var opening =
          new RestDoor(
              vertx,
              loop,
              EngineAccess.same(uri),
              control,
              commands,
              new Tokens(List.of(new Token("test", TOKEN, Access.READ_WRITE)), OF_USERS),
              new RestLimits(1 << 20, 10_000, new EngineLimits(budget, 1 << 26)),
              new MemoryLimits(1 << 26, new ByteBudget(1 << 28), new ByteBudget(1 << 28)),
              metrics,
              new AccessLog(false));
      Routes routes = opening.addTo(new Routes());
      HttpServer listening =
          vertx
              .createHttpServer()
              .requestHandler(it -> Objects.requireNonNull(routes.door(it.path())).handle(it));
      door = opening;
      server = listening;
      return Future.fromCompletionStage(opening.open(), context)
          .compose(opened -> listening.listen(0, "127.0.0.1"));
    }

    int port() {
      return Objects.requireNonNull(server).actualPort();
    }

    @Override
    public Future<?> stop() {
      RestDoor open = Objects.requireNonNull(door);
      open.endStreams();
      return Objects.requireNonNull(server)
          .close()
          .eventually(() -> Future.fromCompletionStage(open.close(), context));
    }
  }

  /** How long a request may wait for the engine. */
  Duration budget() {
    return budget;
  }

  /** How many connections to the engine stand. */
  int connections() {
    return metrics.engineConnections().get();
  }

  /** How many values its callers found, and how many they did not. */
  Metrics.Reads reads() {
    return metrics.reads("test");
  }

  /** Posts JSON, such as {@code ["GET","a"]}, to a path such as {@code /pipeline}. */
  CompletableFuture<Answer> postLater(String path, String json) {
    return postLater(TOKEN, path, json);
  }

  /** As the bearer of another token. */
  CompletableFuture<Answer> postLater(String token, String path, String json) {
    return client
        .sendAsync(request(token, path, json), BodyHandlers.ofString(UTF_8))
        .orTimeout(TIMEOUT_SECONDS, SECONDS)
        .thenApply(it -> new Answer(it.statusCode(), it.body()));
  }

  /** A token of a user of the engine, whose password nobody checked. */
  static String tokenOf(String user, String password) {
    return OF_USERS.seal(new EngineUser(user, password));
  }

  private HttpRequest request(String token, String path, String json) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("authorization", "Bearer " + token)
        .POST(BodyPublishers.ofString(json))
        .build();
  }

  Answer post(String path, String json) {
    return postLater(path, json).join();
  }

  /** Runs one command and returns the answer's body. */
  String run(String... words) {
    return post("/", "[\"" + String.join("\",\"", words) + "\"]").body();
  }

  /** Opens a stream of events; the list grows as they come. */
  List<String> stream(String path) {
    return stream(TOKEN, path);
  }

  /** As the bearer of another token. */
  List<String> stream(String token, String path) {
    var events = new CopyOnWriteArrayList<String>();
    var unused =
        client
            .sendAsync(request(token, path, "[]"), BodyHandlers.ofLines())
            .thenAcceptAsync(
                (HttpResponse<Stream<String>> it) -> {
                  try (var lines = it.body()) {
                    lines.filter(line -> line.startsWith("data: ")).forEach(events::add);
                  }
                });
    return events;
  }

  private static void join(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().orTimeout(TIMEOUT_SECONDS, SECONDS).join();
  }

  @Override
  public void close() {
    join(vertx.close());
    control.close();
  }
}
