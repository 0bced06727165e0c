package dev.larder.server.http.framing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostSyntaxTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "h",
        "a.example:8079",
        "127.0.0.1",
        "a:",
        "[::1]",
        "[::1]:8079",
        "[fe80::1%25eth0]",
        "xn--a_b~c",
        "\u00e4"
      })
  void takesANameOrAnAddressAndAPort(String host) {
    assertThat(HostSyntax.isHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", ":80", "h:x", "h:1:2", "h:1x", "::1", "[", "[::1", "]", "a[b]", "[[a]]", "[a]b",
        "[a]]", "h:[1]", "a b", "a,b", "a/b", "user@h", "a\\b", "a?b", "<h>", "a\tb", "a\u007f"
      })
  void takesNothingElse(String text) {
    assertThat(HostSyntax.isHost(text)).isFalse();
  }
}
