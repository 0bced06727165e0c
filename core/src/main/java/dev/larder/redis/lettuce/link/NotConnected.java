package dev.larder.redis.lettuce.link;

import dev.larder.LarderException;

/** There is no connection at this moment: nothing of the command was sent. */
public final class NotConnected extends LarderException {
  private static final long serialVersionUID = 1L;

  NotConnected() {
    super("there is no connection to the engine", null);
  }
}
