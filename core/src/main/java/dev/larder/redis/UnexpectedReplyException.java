package dev.larder.redis;

import dev.larder.LarderException;

/**
 * Redis answered, but not what the command promises: an error reply, or a reply of another shape.
 */
public final class UnexpectedReplyException extends LarderException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was expected, and what came
   */
  public UnexpectedReplyException(String message) {
    super(message, null);
  }
}
