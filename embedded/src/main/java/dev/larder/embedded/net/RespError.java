package dev.larder.embedded.net;

import java.io.IOException;

/** The engine understood the command and answered an error; the connection is still good. */
public final class RespError extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the error reply, such as {@code WRONGTYPE Operation against a key …}
   */
  public RespError(String message) {
    super(message);
  }

  /** The first word, such as {@code WRONGTYPE} or {@code ERR}. */
  public String code() {
    return String.valueOf(getMessage()).split(" ", 2)[0];
  }
}
