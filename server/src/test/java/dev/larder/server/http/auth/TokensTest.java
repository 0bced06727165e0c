package dev.larder.server.http.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.Served;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final Tokens TOKENS =
      new Tokens(
          List.of(
              new Token("app", "app-secret", Access.READ_WRITE),
              new Token("browser", "a+b/c==_.~-", Access.READ_ONLY)));

  @SuppressWarnings("NullAway.Init")
  private static Served served;

  @BeforeAll
  static void serve() {
    served =
        new Served(
            request -> {
              try {
                request.response().end(TOKENS.of(request).name());
              } catch (HttpFault fault) {
                request.response().setStatusCode(fault.status()).end(fault.sentence());
              }
            });
  }

  @AfterAll
  static void close() {
    served.close();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "Bearer app-secret, app",
    "bearer app-secret, app",
    "BEARER  app-secret, app",
    "Bearer a+b/c==_.~-, browser"
  })
  void findsTheTokenOfTheHeader(String header, String name) throws Exception {
    assertThat(served.send("GET", "/get/k", "", "Authorization", header).body()).isEqualTo(name);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "/get/k?_token=app-secret, app",
    "/get/k?EX=5&_token=app-secret, app",
    "/get/k?_token=app-secret&EX=5, app",
    "/get/k?_token=a+b/c==_.~-, browser",
    "/get/k?_token=a%2Bb%2fc%3D%3d_.~-, browser"
  })
  void findsTheTokenOfTheQuery(String path, String name) throws Exception {
    assertThat(served.send("GET", path, "").body()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer app-secreT", "Bearer app-secre", "Bearer app-secretx", "Bearer APP-SECRET",
        "Bearer app-secretapp-secret", "Bearer a", "Bearer x", "Bearer ",
        "Bearer app-secret, Bearer app-secret", "Basic app-secret", "app-secret", "Bearerapp-secret"
      })
  void letsNobodyInWithAnotherHeader(String header) throws Exception {
    assertRefused(served.send("GET", "/get/k", "", "Authorization", header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/get/k", "/get/k?_token=", "/get/k?_token=wrong", "/get/k?_token=app-secretx",
        "/get/k?x_token=app-secret", "/get/_token=app-secret", "/get/k?_token",
            "/get/k?token=app-secret"
      })
  void letsNobodyInWithAnotherQuery(String path) throws Exception {
    assertRefused(served.send("GET", path, ""));
  }

  @Test
  void doesNotLookAtTheQueryWhereAHeaderIsWrong() throws Exception {
    assertRefused(
        served.send(
            "GET", "/get/k?_token=app-secret", "", "Authorization", "Bearer something-else"));
  }

  private static void assertRefused(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).matches("(ERR unauthorized|WRONGPASS).*").doesNotContain("secret");
  }

  @Test
  void takesSecretsOfEightCharacters() {
    assertThat(new Token("app", "12345678", Access.READ_WRITE)).hasToString("app (read-write)");
    assertThat(new Token("app", "12345678", Access.READ_ONLY)).hasToString("app (read-only)");
  }

  @ParameterizedTest(name = "{0} characters: {1}")
  @CsvSource({"31, true", "32, false"})
  void callsASecretShortThatCarriesLessThan128BitsAsHexadecimal(int length, boolean isShort) {
    assertThat(new Token("app", "f".repeat(length), Access.READ_WRITE).isShort())
        .isEqualTo(isShort);
  }

  @ParameterizedTest
  @CsvSource({
    "app, 1234567, 'token ''app'' must have at least 8 characters, had 7'",
    "app, with space, token 'app' may hold only letters",
    "app, 12345678é, token 'app' may hold only letters",
    "app, '12345678\r\n', token 'app' may hold only letters",
    "' ', 12345678, a token's name must not be blank"
  })
  void refusesSecretsThatAreEasilyGuessedOrCannotBeSent(String name, String secret, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Token(name, secret, Access.READ_WRITE))
        .withMessageContaining(why)
        .withMessageNotContaining(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "app, secret-one, app, secret-two, two tokens are named 'app'",
    "app, secret-one, other, secret-one, token 'other' has the same secret as another token"
  })
  void refusesTokensThatCannotBeToldApart(
      String name, String secret, String otherName, String otherSecret, String message) {
    var tokens =
        List.of(
            new Token(name, secret, Access.READ_WRITE),
            new Token(otherName, otherSecret, Access.READ_ONLY));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tokens(tokens)).withMessage(message);
  }
}
