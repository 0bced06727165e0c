package dev.larder.testkit;

import dev.larder.embedded.net.RespClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The users and the CONFIG that an engine was started with, to be restored after a test. */
final class EngineState {
  private static final Pattern BLOCKED =
      Pattern.compile("^id=(\\d+) .* flags=\\w*b", Pattern.MULTILINE);

  private final Map<String, String> users;
  private final Map<String, String> config;

  private EngineState(Map<String, String> users, Map<String, String> config) {
    this.users = users;
    this.config = config;
  }

  static EngineState of(RespClient engine) throws IOException {
    return new EngineState(users(engine), config(engine));
  }

  private static Map<String, String> users(RespClient engine) throws IOException {
    Map<String, String> rules = new HashMap<>();
    for (String line : engine.list("ACL", "LIST")) {
      String[] userNameRules = line.split(" ", 3);
      // The default, which is listed only for users that have been changed.
      rules.put(userNameRules[1], userNameRules[2].replace(" sanitize-payload", ""));
    }
    return rules;
  }

  private static Map<String, String> config(RespClient engine) throws IOException {
    List<String> namesAndValues = engine.list("CONFIG", "GET", "*");
    Map<String, String> config = new HashMap<>();
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      config.put(namesAndValues.get(i), namesAndValues.get(i + 1));
    }
    // The role, which is not restored here.
    config.keySet().removeAll(List.of("slaveof", "replicaof"));
    return config;
  }

  /**
   * Restores this state, unblocks clients, and clears cached scripts and statistics.
   *
   * @throws IOException if the engine does not answer, or refuses
   */
  void restore(RespClient engine) throws IOException {
    // First, as paused clients are listed as blocked too.
    engine.text("CLIENT", "UNPAUSE");
    var blocked = BLOCKED.matcher(engine.text("CLIENT", "LIST"));
    while (blocked.find()) {
      engine.text("CLIENT", "UNBLOCK", blocked.group(1));
    }
    restoreConfig(engine);
    restoreUsers(engine);
    engine.text("SCRIPT", "FLUSH");
    engine.text("CONFIG", "RESETSTAT");
    engine.text("SLOWLOG", "RESET");
    engine.text("LATENCY", "RESET");
    engine.text("ACL", "LOG", "RESET");
  }

  private void restoreConfig(RespClient engine) throws IOException {
    Map<String, String> now = config(engine);
    for (var setting : config.entrySet()) {
      if (!setting.getValue().equals(now.get(setting.getKey()))) {
        engine.text("CONFIG", "SET", setting.getKey(), setting.getValue());
      }
    }
  }

  private void restoreUsers(RespClient engine) throws IOException {
    Map<String, String> now = users(engine);
    for (String name : now.keySet()) {
      if (!users.containsKey(name)) {
        engine.text("ACL", "DELUSER", name);
      }
    }
    for (var user : users.entrySet()) {
      if (!user.getValue().equals(now.get(user.getKey()))) {
        engine.text(
            Stream.concat(
                    Stream.of("ACL", "SETUSER", user.getKey(), "reset"),
                    Stream.of(user.getValue().split(" ", -1)))
                .toArray(String[]::new));
      }
    }
  }
}
