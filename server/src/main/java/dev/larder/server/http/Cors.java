package dev.larder.server.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of the configured origins read answers (Fetch Standard, section 3.2, "CORS protocol").
 * With no origins configured, no page of another origin can.
 */
public final class Cors {
  private static final String EXPOSED = "upstash-sync-token, x-request-id";
  private static final String ONE_DAY = "86400";

  private final Set<String> origins;

  /**
   * Allows these origins.
   *
   * @param origins such as {@code https://app.example.com}; {@code *} for all of them
   */
  public Cors(List<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /**
   * Answers the question that browsers ask before a request; false where the request is another.
   */
  public boolean answersPreflight(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.OPTIONS)
        || allowed(request) == null
        || request.getHeader("access-control-request-method") == null) {
      return false;
    }
    HttpServerResponse response = request.response();
    response
        .putHeader("access-control-allow-methods", Call.METHODS)
        .putHeader("access-control-max-age", ONE_DAY);
    String headers = request.getHeader("access-control-request-headers");
    if (headers != null) {
      response.putHeader("access-control-allow-headers", headers);
    }
    response.setStatusCode(204).end();
    return true;
  }

  /** Marks the answer to a request as readable, where its origin is allowed. */
  public void mark(HttpServerRequest request) {
    if (origins.isEmpty()) {
      return;
    }
    String origin = allowed(request);
    if (origin != null) {
      request
          .response()
          .putHeader("access-control-allow-origin", origin)
          .putHeader("access-control-expose-headers", EXPOSED)
          .putHeader("vary", "Origin");
    }
  }

  private @Nullable String allowed(HttpServerRequest request) {
    String origin = request.getHeader("origin");
    return origin != null && (origins.contains("*") || origins.contains(origin)) ? origin : null;
  }
}
