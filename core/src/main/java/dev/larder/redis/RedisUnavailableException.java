package dev.larder.redis;

import dev.larder.LarderException;
import org.jspecify.annotations.Nullable;

/**
 * Redis could not be reached. The command was not sent, so nothing has happened: trying again is
 * safe.
 */
public final class RedisUnavailableException extends LarderException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what could not be reached, without any secret
   * @param cause the fault underneath, if there is one
   */
  public RedisUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
