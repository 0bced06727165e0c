package dev.larder.server.http.auth;

/**
 * A user of the engine's own access control, as whom the bearer of a token acts.
 *
 * @param name as {@code ACL SETUSER} made it
 * @param password in the clear, as the engine wants it
 */
public record EngineUser(String name, String password) {
  /** Without the password. */
  @Override
  public String toString() {
    return name;
  }
}
