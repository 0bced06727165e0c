package dev.larder.benchmarks.rest;

import dev.larder.benchmarks.process.BenchException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a door before and after it is measured: what is answered wrongly is not worth its speed. */
final class Answers {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String token;

  /** Asks with this bearer token. */
  Answers(String token) {
    this.token = token;
  }

  /** Checks that a GET of {@code url} is answered with 200 and exactly this body. */
  void expect(String url, String body) throws InterruptedException {
    expect(request(url).build(), body);
  }

  /** Checks that this JSON, posted, is answered with 200 and exactly this body. */
  void expectPosted(String url, String json, String body) throws InterruptedException {
    expect(
        request(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        body);
  }

  /** Checks that a GET of {@code url} is answered with this status. */
  void expectStatus(String url, int status) throws InterruptedException {
    HttpResponse<String> answer = answer(request(url).build());
    if (answer.statusCode() != status) {
      throw new BenchException(
          url
              + " should be answered with "
              + status
              + ", was with "
              + answer.statusCode()
              + ": "
              + answer.body());
    }
  }

  private static void expect(HttpRequest request, String body) throws InterruptedException {
    HttpResponse<String> answer = answer(request);
    if (answer.statusCode() != 200 || !answer.body().equals(body)) {
      throw new BenchException(
          request.uri()
              + " should be answered with 200 "
              + body
              + ", was with "
              + answer.statusCode()
              + " "
              + answer.body());
    }
  }

  private HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(Duration.ofSeconds(5))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> answer(HttpRequest request) throws InterruptedException {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new BenchException(request.uri() + " was not answered: " + e, e);
    }
  }
}
