package dev.larder.server.http.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.HttpFault;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
  private final @Nullable UserTokens userTokens;
  private final GuessLimit guesses = new GuessLimit(System::nanoTime);

  /** Lets the bearers of these in, and nobody else. */
  public Tokens(List<Token> tokens) {
    this(tokens, null);
  }

  /**
   * Lets the bearers of these in, and those of tokens that were made for users of the engine.
   *
   * @param userTokens makes and reads these; null where there are none, since the node has no
   *     secret that the other nodes on its engine share
   */
  public Tokens(List<Token> tokens, @Nullable UserTokens userTokens) {
    this.tokens = distinct(tokens).toArray(Token[]::new);
    this.secrets =
        tokens.stream().map(token -> token.secret().getBytes(UTF_8)).toArray(byte[][]::new);
    this.userTokens = userTokens;
  }

  /**
   * What makes tokens for users of the engine, whose passwords must have been checked.
   *
   * @throws HttpFault with status 400, if the node makes none
   */
  public UserTokens forUsers() {
    if (userTokens == null) {
      throw HttpFault.badRequest(
          "ERR ACL RESTTOKEN is not available: tokens are sealed with a secret that every node on"
              + " this engine must know: set the key 'secret' in the configuration of each to the same "
              + UserTokens.LEAST_SECRET
              + " or more random characters");
    }
    return userTokens;
  }

  /** How often passwords of the engine's users may be tried, on all event loops together. */
  public GuessLimit guesses() {
    return guesses;
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
    return Optional.ofNullable(userTokens)
        .flatMap(users -> users.open(presented))
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
