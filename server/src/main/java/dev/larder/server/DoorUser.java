package dev.larder.server;

import dev.larder.embedded.EmbeddedRedis;
import dev.larder.embedded.EngineBinary;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.auth.EngineAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The user as whom the door speaks to the node's own engine: he may do what the door offers and no
 * more, so that a script cannot do what the door refuses as a command.
 */
final class DoorUser {
  private static final String NAME = "larder-door";

  /** Of what {@code @admin} and {@code @dangerous} take away, what the door offers. */
  static final List<String> OFFERED =
      List.of("keys", "flushdb", "flushall", "sort", "info", "restore");

  /** What leads out of the URI's database, and is in neither of the two. */
  static final List<String> ELSEWHERE = List.of("select", "move");

  private static final Duration BUSY_AFTER = Duration.ofSeconds(1);

  private DoorUser() {}

  /** Has an engine started with this user, and with answers while a script keeps it busy. */
  static void prepare(EmbeddedRedis.Options options) {
    options.user(NAME, DoorUser::rules).busyAfter(BUSY_AFTER);
  }

  /** As whom the node speaks to an engine that was so prepared. */
  static EngineAccess access(EmbeddedRedis engine) {
    return new EngineAccess(RedisUri.parse(engine.uri(NAME)), RedisUri.parse(engine.uri()));
  }

  /** What he may do, in the words of {@code ACL SETUSER}. */
  static String rules(EngineBinary engine) {
    var rules = new ArrayList<>(List.of("~*", "&*", "+@all", "-@admin", "-@dangerous"));
    OFFERED.forEach(name -> rules.add("+" + name));
    if (engine.version().isAtLeast(7, 0)) {
      rules.add("+sort_ro");
    }
    ELSEWHERE.forEach(name -> rules.add("-" + name));
    return String.join(" ", rules);
  }
}
