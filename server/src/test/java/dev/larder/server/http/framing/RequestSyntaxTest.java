package dev.larder.server.http.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestSyntaxTest {
  static List<RequestTable.Request> malformed() {
    return RequestTable.malformed("token");
  }

  static List<RequestTable.Request> unusual() {
    return RequestTable.unusual("token");
  }

  /** Reads in portions of this size, as a connection would. */
  private static RequestSyntax read(byte[] bytes, int portion) {
    var syntax = new RequestSyntax(1_000, 1_000);
    for (int from = 0; from < bytes.length; from += portion) {
      int to = Math.min(bytes.length, from + portion);
      for (int at = from; at < to; ) {
        int passed = syntax.passOver(to - at);
        at = passed > 0 ? at + passed : syntax.read(bytes, at, to);
      }
    }
    return syntax;
  }

  @Test
  void theTableIsLong() {
    assertThat(malformed()).hasSizeGreaterThan(100);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void malformed(RequestTable.Request request) {
    // What only comes to light behind its end does so with the next request.
    byte[] bytes =
        new RequestTable.Request("", request.wire() + "GET / HTTP/1.1\r\nHost: h\r\n\r\n").bytes();
    for (int portion : new int[] {1, 7, bytes.length}) {
      assertThatThrownBy(() -> read(bytes, portion))
          .isInstanceOfSatisfying(
              MalformedRequestException.class, it -> assertThat(it.status()).isEqualTo(400))
          .hasMessageStartingWith("ERR not an HTTP request: ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void unusual(RequestTable.Request request) {
    byte[] bytes = new RequestTable.Request("", request.wire().repeat(3)).bytes();
    for (int portion = 1; portion < bytes.length; portion++) {
      RequestSyntax syntax = read(bytes, portion);
      assertThat(syntax.heads()).isEqualTo(3);
      assertThat(syntax.requests()).isEqualTo(3);
      assertThat(syntax.betweenRequests()).isTrue();
    }
  }

  @Test
  void whatIsTooLongHasStatusesOfItsOwn() {
    String line = "GET /" + "x".repeat(1_000) + " HTTP/1.1\r\n";
    assertThatThrownBy(() -> read(new RequestTable.Request("", line).bytes(), 100))
        .isInstanceOfSatisfying(
            MalformedRequestException.class, it -> assertThat(it.status()).isEqualTo(414));
    String headers = "GET / HTTP/1.1\r\n" + "x: y\r\n".repeat(300);
    assertThatThrownBy(() -> read(new RequestTable.Request("", headers).bytes(), 100))
        .isInstanceOfSatisfying(
            MalformedRequestException.class, it -> assertThat(it.status()).isEqualTo(431));
  }
}
