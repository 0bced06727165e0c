package dev.larder.server.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.server.PemPair;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RealRedis;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Requests that share one connection by HTTP/2. */
@SuppressWarnings("NullAway.Init")
class Http2IT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final String TOKEN = "the-token-of-the-test-of-http-2-00";

  @TempDir Path scratch;

  @Test
  void eachBodyHasADeadlineOfItsOwn() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RunningNode node = node()) {
      HttpClient caller = caller(vertx, node);
      List<HttpClientRequest> slow = List.of(begun(caller, "/set/a"), begun(caller, "/set/b"));
      List<Future<String>> answers = slow.stream().map(Http2IT::answer).toList();
      assertThat(answered(begun(caller, "/ping"))).isEqualTo("200 {\"result\":\"PONG\"}");
      for (Future<String> late : answers) {
        assertThat(joined(late)).startsWith("408 ").contains("did not arrive within 1000 ms");
      }
      HttpClientRequest next = begun(caller, "/ping");
      assertThat(next.connection()).isSameAs(slow.get(0).connection());
      assertThat(answered(next)).isEqualTo("200 {\"result\":\"PONG\"}");
    } finally {
      joined(vertx.close());
    }
    assertThat(redis.process().command("DBSIZE")).isEqualTo("0");
  }

  @Test
  void asksForTheBodyOfOneWhoWaitsForThat() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RunningNode node = node()) {
      HttpClient caller = caller(vertx, node);
      HttpClientRequest waiting = joined(caller.request(HttpMethod.POST, "/echo"));
      Promise<Void> asked = Promise.promise();
      waiting
          .putHeader("Authorization", "Bearer " + TOKEN)
          .putHeader("Expect", "100-continue")
          .continueHandler(asked::tryComplete);
      joined(waiting.sendHead());
      joined(asked.future());
      Future<String> answer = answer(waiting);
      joined(waiting.end("hello"));
      assertThat(joined(answer)).isEqualTo("200 {\"result\":\"hello\"}");
      // One who may not come in is told so on its own stream; the connection is the others', too.
      HttpClientRequest stranger = joined(caller.request(HttpMethod.POST, "/echo"));
      stranger.putHeader("Expect", "100-continue");
      joined(stranger.sendHead());
      assertThat(joined(answer(stranger))).startsWith("401 ");
      HttpClientRequest next = begun(caller, "/ping");
      assertThat(next.connection()).isSameAs(waiting.connection());
      assertThat(answered(next)).isEqualTo("200 {\"result\":\"PONG\"}");
    } finally {
      joined(vertx.close());
    }
  }

  private RunningNode node() throws Exception {
    Path certificate = scratch.resolve("cert.pem");
    Path key = scratch.resolve("key.pem");
    PemPair.ec("first").write(certificate, key);
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            "{tls: {certificate: %s, key: %s}, timeouts: {request: 1s}}\n"
                .formatted(certificate, key));
    return RunningNode.on(redis.uri(), scratch, "--token", TOKEN, "--config", config.toString());
  }

  private static HttpClient caller(Vertx vertx, RunningNode node) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setSsl(true)
            .setUseAlpn(true)
            .setTrustAll(true)
            .setVerifyHost(false)
            .setDefaultHost("127.0.0.1")
            .setDefaultPort(node.url().getPort()));
  }

  /** Only its body is still to come. */
  private static HttpClientRequest begun(HttpClient caller, String path) {
    HttpClientRequest request = joined(caller.request(HttpMethod.POST, path));
    request.putHeader("Authorization", "Bearer " + TOKEN);
    joined(request.sendHead());
    return request;
  }

  private static String answered(HttpClientRequest request) {
    Future<String> answer = answer(request);
    joined(request.end());
    return joined(answer);
  }

  /** Status and body. */
  private static Future<String> answer(HttpClientRequest request) {
    return request.response().compose(it -> it.body().map(body -> it.statusCode() + " " + body));
  }

  private static <T> T joined(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, SECONDS).join();
  }
}
