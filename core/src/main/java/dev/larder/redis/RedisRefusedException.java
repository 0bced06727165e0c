package dev.larder.redis;

import dev.larder.LarderException;
import org.jspecify.annotations.Nullable;

/**
 * Redis is there, but does not let this caller in: a wrong password, a user who may not do what is
 * needed, a database that does not exist, a certificate that is not trusted. To try again will not
 * help; somebody has to mend it.
 */
public final class RedisRefusedException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** With what Redis said, or what is wrong with it. */
  public RedisRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
