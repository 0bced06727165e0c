package dev.larder.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.server.http.memory.ByteBudget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static Call call(HttpServerRequest request) {
    return new Call(request, "test", new Metrics(new SimpleMeterRegistry()), new AccessLog(false));
  }

  private static EventStream stream(HttpServerRequest request, Runnable whenOver) {
    return new EventStream(
        Vertx.currentContext().owner(), call(request), new ByteBudget(20_000_000), whenOver);
  }

  @Test
  void oneWhoseCallerLeftBeforeItWasMadeIsOver() throws Exception {
    var over = new CompletableFuture<Void>();
    Consumer<HttpServerRequest> late =
        request ->
            request
                .response()
                .closeHandler(
                    closed ->
                        Vertx.currentContext()
                            .runOnContext(
                                later -> stream(request, () -> over.complete(null)).watch()));
    try (var served = new Served(late)) {
      var caller = new Socket(InetAddress.getLoopbackAddress(), served.port());
      caller.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII));
      caller.getOutputStream().flush();
      served.awaitRequests(1);
      caller.close();
      over.get(60, SECONDS);
    }
  }

  @Test
  void largeEventsInQuickSuccessionArrive() throws Exception {
    var large = new byte[3_000_000];
    Arrays.fill(large, (byte) 'x');
    Consumer<HttpServerRequest> sender =
        request -> {
          EventStream stream = stream(request, () -> {});
          stream.watch();
          stream.begin();
          for (int i = 0; i < 4; i++) {
            stream.send(large);
          }
          stream.end();
        };
    try (var served = new Served(sender)) {
      HttpResponse<String> answer = served.send("GET", "/", "");
      assertThat(answer.body()).hasSize(4 * (large.length + "data: \n\n".length()));
    }
  }

  @Test
  void whoeverTakesMoreThanThereIsMemoryForIsCutOff() {
    var over = new AtomicInteger();
    Consumer<HttpServerRequest> sender =
        request -> {
          EventStream stream = stream(request, over::incrementAndGet);
          stream.watch();
          stream.begin();
          stream.send(new byte[21_000_000]);
          stream.send(new byte[1]);
        };
    try (var served = new Served(sender)) {
      assertThatThrownBy(() -> served.send("GET", "/", "")).isInstanceOf(IOException.class);
      await().untilAsserted(() -> assertThat(over).hasValue(1));
    }
  }

  @Test
  void oneThatHasNotBegunCanStillBeRefused() throws Exception {
    Consumer<HttpServerRequest> refused =
        request -> {
          EventStream stream = stream(request, () -> {});
          stream.watch();
          stream.fail(HttpFault.badRequest("NOPERM no"));
        };
    try (var served = new Served(refused)) {
      HttpResponse<String> answer = served.send("GET", "/", "");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("{\"error\":\"NOPERM no\"}");
    }
  }
}
