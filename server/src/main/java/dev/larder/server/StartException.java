package dev.larder.server;

import org.jspecify.annotations.Nullable;

/** Why the node does not start, in one line for the person who started it. */
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  StartException(String message) {
    this(message, null);
  }
}
