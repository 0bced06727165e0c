package dev.larder.server.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserTokensTest {
  private final UserTokens tokens = new UserTokens("the-node's-own-token");

  @ParameterizedTest
  @CsvSource({"reader, secret", "'', secret", "ünïcode, pässword", "a:b, 'c d'"})
  void opensWhatItSealed(String name, String password) {
    var user = new EngineUser(name, password);
    assertThat(tokens.open(tokens.seal(user))).contains(user);
  }

  @Test
  void anotherNodeWithTheSameTokenKnowsIt() {
    var user = new EngineUser("reader", "secret");
    assertThat(new UserTokens("the-node's-own-token").open(tokens.seal(user))).contains(user);
  }

  @Test
  void aNodeWithAnotherTokenDoesNot() {
    String token = tokens.seal(new EngineUser("reader", "secret"));
    assertThat(new UserTokens("another-token").open(token)).isEmpty();
  }

  @Test
  void neitherNameNorPasswordCanBeRead() {
    String token = tokens.seal(new EngineUser("reader", "secret"));
    assertThat(token)
        .doesNotContain("reader")
        .doesNotContain("secret")
        .matches("acl_[A-Za-z0-9_-]+");
    assertThat(tokens.seal(new EngineUser("reader", "secret"))).isNotEqualTo(token);
    assertThat(new EngineUser("reader", "secret").toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "acl_",
        "acl_AAAA",
        "acl_!!!!",
        "acl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void nothingElseIsAToken(String token) {
    assertThat(tokens.open(token)).isEmpty();
  }

  @Test
  void noByteOfItCanBeChanged() {
    String token = tokens.seal(new EngineUser("reader", "secret"));
    for (int at = 4; at < token.length() - 1; at++) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      assertThat(tokens.open(token.substring(0, at) + other + token.substring(at + 1))).isEmpty();
    }
  }
}
