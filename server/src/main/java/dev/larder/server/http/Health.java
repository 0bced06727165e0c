package dev.larder.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * {@code /health/live} says that the process runs; {@code /health/ready} that it can serve: that it
 * is not stopping and its engine answers.
 */
public final class Health {
  private final String engine;
  private volatile boolean stopping;

  /**
   * The health of a node that is not stopping.
   *
   * @param engine what the engine is, such as {@code redis 7.0.15}
   */
  public Health(String engine) {
    this.engine = engine;
  }

  /** From now on the node is not ready. */
  public void stopping() {
    stopping = true;
  }

  /** The doors of one event loop, whose connection to the engine stands or not. */
  public Door door(Metrics metrics, AccessLog log, BooleanSupplier reachable) {
    return request -> {
      var call = new Call(request, "health", metrics, log);
      switch (request.path()) {
        case "/health/live" -> answer(call, 200, Map.of("status", "live"));
        case "/health/ready" -> ready(call, reachable.getAsBoolean());
        default ->
            call.fail(new HttpFault(404, "ERR nothing here: try /health/live or /health/ready"));
      }
    };
  }

  private void ready(Call call, boolean reachable) {
    var engineState = new LinkedHashMap<String, Object>();
    engineState.put("version", engine);
    engineState.put("reachable", reachable);
    var state = new LinkedHashMap<String, Object>();
    boolean ready = reachable && !stopping;
    state.put("status", ready ? "ready" : stopping ? "stopping" : "engine unreachable");
    state.put("engine", engineState);
    answer(call, ready ? 200 : 503, state);
  }

  private static void answer(Call call, int status, Map<String, ?> state) {
    byte[] body = Json.bytes(state);
    call.json(status, body, body.length);
  }
}
