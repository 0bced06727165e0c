package dev.larder;

import org.jspecify.annotations.Nullable;

/** The root of Larder's own faults. Expected outcomes are never exceptions, but sealed results. */
public class LarderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what went wrong, and what would be right
   * @param cause the fault underneath, if there is one
   */
  public LarderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
