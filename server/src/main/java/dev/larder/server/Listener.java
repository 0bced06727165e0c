package dev.larder.server;

import dev.larder.server.http.AccessLog;
import dev.larder.server.http.Call;
import dev.larder.server.http.ConnectionWatches;
import dev.larder.server.http.Cors;
import dev.larder.server.http.Door;
import dev.larder.server.http.Health;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.HttpLimits;
import dev.larder.server.http.Metrics;
import dev.larder.server.http.Routes;
import dev.larder.server.http.auth.EngineAccess;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.rest.RestDoor;
import dev.larder.server.rest.command.EngineCommands;
import dev.larder.server.rest.engine.EngineControl;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of the node: its server socket, its doors, its connection to the engine.
 */
final class Listener extends VerticleBase {
  private final Wiring wiring;
  private @Nullable RestDoor rest;
  private @Nullable HttpServer server;

  /** What every event loop's doors are made of. */
  record Wiring(
      Settings settings,
      EngineAccess access,
      EngineControl control,
      EngineCommands commands,
      Tokens tokens,
      Cors cors,
      Metrics metrics,
      PrometheusMeterRegistry prometheus,
      AccessLog log,
      Health health) {}

  Listener(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Future<?> start() {
    EventLoop loop = ((ContextInternal) context).nettyEventLoop();
    var door =
        new RestDoor(
            vertx,
            loop,
            wiring.access(),
            wiring.control(),
            wiring.commands(),
            wiring.tokens(),
            wiring.settings().limits(),
            wiring.settings().memory(),
            wiring.metrics(),
            wiring.log());
    rest = door;
    Routes routes =
        door.addTo(
            new Routes()
                .under(
                    "/health/",
                    wiring
                        .health()
                        .door(wiring.metrics(), wiring.log(), door::connected, wiring.control()))
                .at("/metrics", this::metrics));
    HttpLimits limits = wiring.settings().httpLimits();
    var options =
        new HttpServerOptions()
            .setHost(wiring.settings().listen())
            .setPort(wiring.settings().port())
            // Who reads a body asks for it: see Call.
            .setHandle100ContinueAutomatically(false)
            // Both are judged before the codec sees them.
            .setMaxInitialLineLength(limits.lineBytes() + 64)
            .setMaxHeaderSize(2 * limits.headerBytes())
            // Each would add a handler that every request passes.
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            // It would hold a connection back, unseen, until its first bytes tell the protocol.
            .setHttp2ClearTextEnabled(false);
    Tls tls = wiring.settings().tls();
    PemKeyCertOptions certificate = tls == null ? null : tls.applyTo(options);
    var watches = new ConnectionWatches(vertx, limits, wiring.metrics());
    HttpServer listening =
        vertx
            .createHttpServer(options)
            .connectionHandler(watches::accept)
            .requestHandler(request -> route(request, routes))
            .invalidRequestHandler(this::refuse);
    server = listening;
    if (tls != null && certificate != null) {
      tls.reloadInto(vertx, listening, certificate);
    }
    return Future.fromCompletionStage(door.open(), context)
        .compose(opened -> listening.listen())
        // Vert.x does not stop what has not started.
        .onFailure(
            fault -> {
              var unused = door.close();
            });
  }

  private void route(HttpServerRequest request, Routes routes) {
    wiring.cors().mark(request);
    String path = request.path();
    // Vert.x finds a path in any URI.
    Door door = path == null || !request.uri().startsWith("/") ? null : routes.door(path);
    if (door == null) {
      refuseTarget(request);
    } else if (!wiring.cors().answersPreflight(request)) {
      door.handle(request);
    }
  }

  private void metrics(HttpServerRequest request) {
    new Call(request, "metrics", wiring.metrics(), wiring.log())
        .text(200, "text/plain; version=0.0.4; charset=utf-8", wiring.prometheus().scrape());
  }

  /** All paths have a door: this is {@code OPTIONS *}, CONNECT, or one without its slash. */
  private void refuseTarget(HttpServerRequest request) {
    var call = new Call(request, "none", wiring.metrics(), wiring.log());
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.OPTIONS) && request.uri().equals("*")) {
      call.fail(call.methodNotAllowed());
    } else if (method.equals(HttpMethod.CONNECT)) {
      call.failForGood(call.methodNotAllowed());
    } else {
      call.failForGood(
          HttpFault.badRequest("ERR the request's target must be a path, or http://host/path"));
    }
  }

  /** What the framing of requests let through, and the codec did not understand nevertheless. */
  private void refuse(HttpServerRequest request) {
    new Call(request, "none", wiring.metrics(), wiring.log())
        .failForGood(HttpFault.badRequest("ERR not an HTTP request"));
  }

  /** Refuses new requests, lets those under way end, and leaves the engine. */
  @Override
  public Future<?> stop() {
    if (rest == null || server == null) {
      return Future.succeededFuture();
    }
    rest.endStreams();
    RestDoor door = rest;
    return server
        .shutdown(10, TimeUnit.SECONDS)
        .eventually(() -> Future.fromCompletionStage(door.close(), context));
  }
}
