package dev.larder.redis;

import dev.larder.LarderException;
import org.jspecify.annotations.Nullable;

/**
 * A command was sent, but no answer came: it may or may not have been executed. It is not sent
 * again by itself; only the caller knows whether doing it twice would hurt.
 */
public final class RedisOutcomeUnknownException extends LarderException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was sent and why its answer is missing, without arguments or secrets
   * @param cause the fault underneath, if there is one
   */
  public RedisOutcomeUnknownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
