package dev.larder.server.http.auth;

import dev.larder.redis.uri.RedisUri;

/**
 * As whom the node speaks to its engine.
 *
 * @param door for what callers ask, in scripts too: a user who may do no more than they may
 * @param own for what only the node itself may do, such as MONITOR or to end a script
 */
public record EngineAccess(RedisUri door, RedisUri own) {
  /** Both as the same user: on an engine that is not the node's own, as the one that was given. */
  public static EngineAccess same(RedisUri uri) {
    return new EngineAccess(uri, uri);
  }

  /** Whether these are two users. */
  public boolean apart() {
    return !door.equals(own);
  }
}
