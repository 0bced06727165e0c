package dev.larder.server.rest.engine;

/**
 * How many commands may be on their way to an engine, by the replies of the last minute: it keeps
 * what it answers until that is read, so that together they must not be more than it may keep.
 */
final class ReplySizes {
  /** Of replies on their way, half of what the node's own engine may keep at the least. */
  private static final long MOST_BYTES = 128L << 20;

  private static final long LEAST_REPLY = 64;

  private long largest;
  private long largestBefore;

  /** A command was answered with so many bytes. */
  void add(long bytes) {
    if (bytes > largest) {
      largest = Math.max(bytes, LEAST_REPLY);
    }
  }

  /** The connection broke, perhaps since the engine had more to keep than it may. */
  void broke() {
    add(MOST_BYTES / EngineLimits.WINDOW);
  }

  /** Half a minute has passed. */
  void age() {
    largestBefore = largest;
    largest = 0;
  }

  /** As many as the largest replies allow; of which nothing is known, as one request may have. */
  long most() {
    long reply = Math.max(largest, largestBefore);
    return reply == 0 ? EngineLimits.WINDOW : Math.max(1, MOST_BYTES / reply);
  }
}
