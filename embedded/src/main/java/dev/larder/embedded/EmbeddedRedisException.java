package dev.larder.embedded;

import org.jspecify.annotations.Nullable;

/** An engine could not be found, started, or given the directory asked for. */
public final class EmbeddedRedisException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what went wrong, and what would be right
   */
  public EmbeddedRedisException(String message) {
    this(message, null);
  }

  /**
   * @param message what went wrong, and what would be right
   * @param cause the fault underneath, if there is one
   */
  public EmbeddedRedisException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
