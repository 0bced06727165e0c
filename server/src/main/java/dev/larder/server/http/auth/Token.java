package dev.larder.server.http.auth;

import org.jspecify.annotations.Nullable;

/**
 * A secret that lets its bearer in.
 *
 * @param name for metrics and logs, which never show the secret
 * @param secret at least 8 characters that may stand in a header: letters, digits and {@code
 *     -._~+/=}
 * @param access what its bearer may do
 * @param user as whom the bearer acts in the engine, or null for the user of the node's own
 *     connection
 */
public record Token(String name, String secret, Access access, @Nullable EngineUser user) {
  /**
   * From how many characters on a random secret is safe from guessing, whatever alphabet it is of:
   * hexadecimal digits, the poorest in use, carry 4 bits each, which makes 128.
   */
  public static final int SAFE_LENGTH = 32;

  /** A token whose bearer acts as the node itself. */
  public Token(String name, String secret, Access access) {
    this(name, secret, access, null);
  }

  /** Refuses secrets that are easily guessed or could not be sent. */
  public Token {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a token's name must not be blank");
    }
    if (secret.length() < 8) {
      throw new IllegalArgumentException(
          "token '" + name + "' must have at least 8 characters, had " + secret.length());
    }
    // RFC 6750, section 2.1: what a bearer token may consist of.
    if (!secret.matches("[A-Za-z0-9._~+/=-]+")) {
      throw new IllegalArgumentException(
          "token '" + name + "' may hold only letters, digits and - . _ ~ + / =");
    }
  }

  /** Whether its secret is shorter than {@link #SAFE_LENGTH}. */
  public boolean isShort() {
    return secret.length() < SAFE_LENGTH;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return name + " (" + access + ")";
  }
}
