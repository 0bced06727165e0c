package dev.larder.server.http.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.HttpFault;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: finds the token that a request bears, by RFC 6750's header or by {@code
 * ?_token=}.
 */
public final class Tokens {
  private static final String SCHEME = "bearer ";
  private static final String PARAMETER = "_token=";

  private final Token[] tokens;
  private final byte[][] secrets;
  private final UserTokens userTokens;

  /**
   * Lets the bearers of these in, and those of tokens that it made for users of the engine.
   *
   * @param tokens at least one; the first one's secret seals the tokens of users
   */
  public Tokens(List<Token> tokens) {
    this.tokens = distinct(tokens).toArray(Token[]::new);
    this.secrets =
        tokens.stream().map(token -> token.secret().getBytes(UTF_8)).toArray(byte[][]::new);
    this.userTokens = new UserTokens(tokens.get(0).secret());
  }

  /** A token for a user of the engine, whose password must have been checked. */
  public String tokenOf(EngineUser user) {
    return userTokens.seal(user);
  }

  /**
   * The same tokens.
   *
   * @throws IllegalArgumentException if two of them have the same name or the same secret
   */
  public static List<Token> distinct(List<Token> tokens) {
    var names = new HashSet<String>();
    var secrets = new HashSet<String>();
    for (Token token : tokens) {
      if (!names.add(token.name())) {
        throw new IllegalArgumentException("two tokens are named '" + token.name() + "'");
      }
      if (!secrets.add(token.secret())) {
        throw new IllegalArgumentException(
            "token '" + token.name() + "' has the same secret as another token");
      }
    }
    return tokens;
  }

  /**
   * The token of a request.
   *
   * @throws HttpFault with status 401, if there is none or it is not known
   */
  public Token of(HttpServerRequest request) {
    String header = request.headers().get(HttpHeaders.AUTHORIZATION);
    String presented = header == null ? ofQuery(request.uri()) : ofHeader(header);
    if (presented == null) {
      throw new HttpFault(
          401,
          "ERR unauthorized: send the token as 'Authorization: Bearer <token>' or as '?_token=<token>'");
    }
    byte[] bytes = presented.getBytes(UTF_8);
    Token found = null;
    for (int i = 0; i < tokens.length; i++) {
      // Its time depends on the length of its first argument only: on what the caller knows.
      if (MessageDigest.isEqual(bytes, secrets[i])) {
        found = tokens[i];
      }
    }
    if (found != null) {
      return found;
    }
    return userTokens
        .open(presented)
        .map(user -> new Token("acl:" + user.name(), presented, Access.READ_WRITE, user))
        .orElseThrow(() -> new HttpFault(401, "WRONGPASS invalid or missing auth token"));
  }

  private static @Nullable String ofHeader(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  private static @Nullable String ofQuery(String uri) {
    for (int at = uri.indexOf('?'); at >= 0; at = uri.indexOf('&', at + 1)) {
      if (uri.startsWith(PARAMETER, at + 1)) {
        int start = at + 1 + PARAMETER.length();
        int end = uri.indexOf('&', start);
        // Of a token's characters only '+', '/' and '=' are ever percent-encoded.
        return uri.substring(start, end < 0 ? uri.length() : end)
            .replaceAll("(?i)%2B", "+")
            .replaceAll("(?i)%2F", "/")
            .replaceAll("(?i)%3D", "=");
      }
    }
    return null;
  }
}
