package dev.larder.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsTest {
  @ParameterizedTest(name = "{1} may read where {0} may: {2}")
  @CsvSource({
    "https://app.example.com, https://app.example.com, true",
    "https://app.example.com, https://app.example.com.evil.org, false",
    "https://app.example.com, http://app.example.com, false",
    "https://app.example.com, https://app.example.com:444, false",
    "https://app.example.com, 'null', false",
    "'*', https://whoever.org, true",
    "'', https://app.example.com, false"
  })
  void letsPagesOfTheConfiguredOriginsRead(String configured, String origin, boolean allowed)
      throws Exception {
    try (Served served = served(configured)) {
      HttpResponse<String> response = served.send("GET", "/get/k", "", "Origin", origin);
      assertThat(response.body()).isEqualTo("the door");
      assertThat(header(response, "access-control-allow-origin")).isEqualTo(allowed ? origin : "");
      assertThat(header(response, "access-control-expose-headers"))
          .isEqualTo(allowed ? "upstash-sync-token, x-request-id" : "");
      assertThat(header(response, "vary")).isEqualTo(allowed ? "Origin" : "");
    }
  }

  @Test
  void answersTheQuestionBeforeARequest() throws Exception {
    try (Served served = served("https://app.example.com")) {
      HttpResponse<String> response =
          served.send(
              "OPTIONS",
              "/pipeline",
              "",
              "Origin",
              "https://app.example.com",
              "Access-Control-Request-Method",
              "POST",
              "Access-Control-Request-Headers",
              "authorization, upstash-encoding");
      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.body()).isEmpty();
      assertThat(header(response, "access-control-allow-origin"))
          .isEqualTo("https://app.example.com");
      assertThat(header(response, "access-control-allow-methods")).contains("POST");
      assertThat(header(response, "access-control-allow-headers"))
          .isEqualTo("authorization, upstash-encoding");
    }
  }

  @ParameterizedTest
  @CsvSource({"OPTIONS, https://other.org, POST", "GET, https://app.example.com, POST"})
  void leavesOtherRequestsToTheDoors(String method, String origin, String asked) throws Exception {
    try (Served served = served("https://app.example.com")) {
      HttpResponse<String> response =
          served.send(method, "/", "", "Origin", origin, "Access-Control-Request-Method", asked);
      assertThat(response.body()).isEqualTo("the door");
    }
  }

  @Test
  void leavesOptionsWithoutAQuestionToTheDoors() throws Exception {
    try (Served served = served("*")) {
      assertThat(served.send("OPTIONS", "/", "").body()).isEqualTo("the door");
      assertThat(served.send("OPTIONS", "/", "", "Origin", "https://a.org").body())
          .isEqualTo("the door");
    }
  }

  private static Served served(String configured) {
    var cors = new Cors(configured.isEmpty() ? List.of() : List.of(configured));
    return new Served(request -> answer(cors, request));
  }

  private static void answer(Cors cors, HttpServerRequest request) {
    cors.mark(request);
    if (!cors.answersPreflight(request)) {
      request.response().end("the door");
    }
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
