package dev.larder.server.http;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A real server for what takes Vert.x's requests, so that nothing pretends to be one. */
public final class Served implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;

  private final Semaphore requests = new Semaphore(0);

  /** Serves by {@code handler}. */
  public Served(Consumer<HttpServerRequest> handler) {
    server =
        join(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      handler.accept(request);
                      requests.release();
                    })
                .listen(0, "127.0.0.1"));
  }

  int port() {
    return server.actualPort();
  }

  /** Waits for so many requests to have been handled. */
  void awaitRequests(int count) throws InterruptedException {
    if (!requests.tryAcquire(count, TIMEOUT.toSeconds(), SECONDS)) {
      throw new AssertionError("there were no " + count + " requests");
    }
  }

  /** Sends a request with these headers, names and values by turns. */
  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
            .timeout(TIMEOUT)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static <T> T join(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(TIMEOUT.toSeconds(), SECONDS)
        .join();
  }

  @Override
  public void close() {
    join(vertx.close());
  }
}
