package dev.larder.server.http.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserTokensTest {
  private static final String SECRET = "a-secret-that-all-nodes-have-the-same";

  private final UserTokens tokens = new UserTokens(SECRET);

  @ParameterizedTest
  @CsvSource({"reader, secret", "'', secret", "ünïcode, pässword", "a:b, 'c d'"})
  void opensWhatItSealed(String name, String password) {
    var user = new EngineUser(name, password);
    assertThat(tokens.open(tokens.seal(user))).contains(user);
  }

  @Test
  void anotherNodeWithTheSameSecretKnowsIt() {
    var user = new EngineUser("reader", "secret");
    assertThat(new UserTokens(SECRET).open(tokens.seal(user))).contains(user);
  }

  @Test
  void aNodeWithAnotherSecretDoesNot() {
    String token = tokens.seal(new EngineUser("reader", "secret"));
    assertThat(new UserTokens(SECRET + "!").open(token)).isEmpty();
  }

  @Test
  void refusesASecretThatCouldBeGuessedWithoutShowingIt() {
    String secret = SECRET.substring(0, 31);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UserTokens(secret))
        .withMessage("a secret for sealing tokens must have at least 32 characters, had 31");
    assertThat(new UserTokens(SECRET.substring(0, 32)).open("acl_")).isEmpty();
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
