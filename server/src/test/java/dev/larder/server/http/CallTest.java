package dev.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class CallTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("larder.access");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Metrics metrics = new Metrics(registry);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Served served = new Served(request -> answer(request, true));

  @BeforeEach
  void listen() {
    logged.start();
    LOGGER.setAdditive(false);
    LOGGER.addAppender(logged);
  }

  @AfterEach
  void close() {
    LOGGER.detachAppender(logged);
    LOGGER.setAdditive(true);
    served.close();
  }

  private void answer(HttpServerRequest request, boolean log) {
    var call = new Call(request, "rest", metrics, new AccessLog(log));
    call.family("string");
    if (request.path().startsWith("/fail")) {
      call.fail(new HttpFault(503, "ERR not now: \"why\""));
    } else {
      byte[] body = "{\"result\":1}, and more".getBytes(UTF_8);
      call.json(200, body, 12);
    }
    assertThat(call.over()).isTrue();
    call.fail(HttpFault.badRequest("ERR a second answer"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0af7651916cd43dd8448eb211c80319c", "Root=1-5759e988:bd/86+2e_a.b"})
  void takesOverTheIdThatACallerGave(String id) throws Exception {
    assertThat(id(served.send("GET", "/", "", "X-Request-Id", id))).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "<script>", "a,b", "a\"b", "a;b", "a\\b", "é"})
  void makesItsOwnIdInsteadOfOneThatCouldDoHarm(String id) throws Exception {
    assertThat(id(served.send("GET", "/", "", "X-Request-Id", id)))
        .matches("[0-9a-f]{8}-[0-9a-z]+");
  }

  @Test
  void makesItsOwnIdInsteadOfALongOne() throws Exception {
    assertThat(id(served.send("GET", "/", "", "X-Request-Id", "a".repeat(64)))).hasSize(64);
    assertThat(id(served.send("GET", "/", "", "X-Request-Id", "a".repeat(65)))).hasSizeLessThan(30);
  }

  @Test
  void givesEachCallAnIdOfItsOwn() throws Exception {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      ids.add(id(served.send("GET", "/", "")));
    }
    assertThat(ids).hasSize(20);
  }

  @Test
  void answersOnceWithSoManyBytesAsWereMeant() throws Exception {
    HttpResponse<String> response = served.send("GET", "/", "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"result\":1}");
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(metrics.requests("rest", "string").count()).isEqualTo(1);
    assertThat(registry.find("larder.errors").counters()).isEmpty();
  }

  @Test
  void answersHeadWithTheLengthAlone() throws Exception {
    HttpResponse<String> response = served.send("HEAD", "/", "");
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("content-length")).hasValue("12");
  }

  @Test
  void tellsAndCountsAFault() throws Exception {
    HttpResponse<String> response = served.send("GET", "/fail", "");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("{\"error\":\"ERR not now: \\\"why\\\"\"}");
    assertThat(registry.get("larder.errors").tag("status", "503").counter().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"GET, /, 200, 12", "POST, /fail, 503, 32"})
  void logsALineForEachAnswer(String method, String path, int status, int bytes) throws Exception {
    served.send(method, path, "", "X-Request-Id", "the-id");
    assertThat(lines())
        .singleElement()
        .asString()
        .matches(
            "127\\.0\\.0\\.1 %s rest string %d %d bytes \\d+ us the-id"
                .formatted(method, status, bytes));
  }

  @Test
  void logsNoKeyValueOrToken() throws Exception {
    served.send(
        "POST", "/set/a-key/a-value?_token=a-secret", "a-body", "Authorization", "Bearer b");
    assertThat(lines())
        .singleElement()
        .asString()
        .doesNotContain("a-key", "a-value", "a-secret", "a-body", "Bearer", "_token", "/set");
  }

  @Test
  void logsNothingWhereTheLogIsOff() throws Exception {
    try (var silent = new Served(request -> answer(request, false))) {
      assertThat(silent.send("GET", "/", "").statusCode()).isEqualTo(200);
    }
    assertThat(logged.list).isEmpty();
  }

  /** The line is written when the answer is under way. */
  private List<String> lines() {
    await().until(() -> !logged.list.isEmpty());
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static String id(HttpResponse<String> response) {
    return response.headers().firstValue("x-request-id").orElseThrow();
  }
}
