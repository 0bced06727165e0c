package dev.larder.server.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * {@code /health/live} says that the process runs; {@code /health/ready} that it can serve: that it
 * is not stopping and its engine answers.
 */
public final class Health {
  private final String version;
  private volatile boolean stopping;

  /**
   * The health of a node that is not stopping.
   *
   * @param version what the engine is, such as {@code redis 7.0.15}
   */
  public Health(String version) {
    this.version = version;
  }

  /** From now on the node is not ready. */
  public void stopping() {
    stopping = true;
  }

  /** Knows how the engine fares. */
  @FunctionalInterface
  public interface Engine {
    /** Why it does not serve now, such as {@code engine unreachable}; nothing where it does. */
    CompletionStage<Optional<String>> obstacle();
  }

  /**
   * The doors of one event loop.
   *
   * @param connected whether its connection to the engine stands
   */
  public Door door(Metrics metrics, AccessLog log, BooleanSupplier connected, Engine engine) {
    return request -> {
      var call = new Call(request, "health", metrics, log);
      switch (request.path()) {
        case "/health/live" -> answer(call, 200, Map.of("status", "live"));
        case "/health/ready" -> {
          Context context = Vertx.currentContext();
          engine
              .obstacle()
              .whenComplete(
                  (obstacle, fault) ->
                      context.runOnContext(
                          here ->
                              ready(
                                  call,
                                  obstacle == null || !connected.getAsBoolean()
                                      ? Optional.of("engine unreachable")
                                      : obstacle)));
        }
        default ->
            call.fail(new HttpFault(404, "ERR nothing here: try /health/live or /health/ready"));
      }
    };
  }

  private void ready(Call call, Optional<String> obstacle) {
    var engine = new LinkedHashMap<String, Object>();
    engine.put("version", version);
    engine.put("reachable", obstacle.isEmpty());
    var state = new LinkedHashMap<String, Object>();
    state.put("status", stopping ? "stopping" : obstacle.orElse("ready"));
    state.put("engine", engine);
    answer(call, obstacle.isEmpty() && !stopping ? 200 : 503, state);
  }

  private static void answer(Call call, int status, Map<String, ?> state) {
    byte[] body = Json.bytes(state);
    call.json(status, body, body.length);
  }
}
