package dev.larder.server.http;

import io.vertx.core.http.HttpServerRequest;

/** Takes the requests to one part of the node, on one event loop. */
@FunctionalInterface
public interface Door {
  /** Sees to it that {@code request} is answered. */
  void handle(HttpServerRequest request);
}
