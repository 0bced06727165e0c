package dev.larder.embedded;

import java.util.function.Function;

/**
 * A further user of an engine's access control.
 *
 * @param name of letters, digits, {@code _} and {@code -}
 * @param password in the clear, as clients give it
 * @param rules what he may do on an engine, in the words of {@code ACL SETUSER}
 */
record EngineUser(String name, String password, Function<EngineBinary, String> rules) {
  EngineUser {
    if (!name.matches("[A-Za-z0-9_-]+") || name.equals("default")) {
      throw new IllegalArgumentException(
          "a user's name is of A-Z a-z 0-9 _ - only, and not 'default', was '" + name + "'");
    }
  }

  /** His line of redis.conf. */
  String directive(EngineBinary engine) {
    return "user %s reset on >%s %s".formatted(name, password, rules.apply(engine));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return name;
  }
}
