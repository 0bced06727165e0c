package dev.larder.testkit.relay;

/**
 * What a {@link TcpRelay} does to one stream of bytes at one point of it. Text stands for bytes:
 * one a character, {@code \u0000} to {@code \u00ff}.
 */
public sealed interface StreamFault {

  /** The next byte arrives with some of its bits turned over, such as {@code 0x01}, the lowest. */
  record Flip(int bits) implements StreamFault {
    /** Refuses bits that a byte does not have, and none. */
    public Flip {
      if (bits < 1 || bits > 0xff) {
        throw new IllegalArgumentException("bits are from 0x01 to 0xff, was " + bits);
      }
    }
  }

  /** The next bytes arrive as others, as many as there are here. */
  record Replace(String text) implements StreamFault {
    /** Refuses what is not bytes, and none. */
    public Replace {
      requireBytes(text);
    }
  }

  /** Bytes arrive that nobody sent; at once, if nobody sends any now. */
  record Insert(String text) implements StreamFault {
    /** Refuses what is not bytes, and none. */
    public Insert {
      requireBytes(text);
    }
  }

  /** The next bytes do not arrive. */
  record Drop(int bytes) implements StreamFault {
    /** Refuses less than one. */
    public Drop {
      requireSome(bytes);
    }
  }

  /** The next bytes arrive, and then again. */
  record Duplicate(int bytes) implements StreamFault {
    /** Refuses less than one. */
    public Duplicate {
      requireSome(bytes);
    }
  }

  /** The connection ends right here, in both directions; new ones are accepted. */
  record Cut() implements StreamFault {}

  private static void requireBytes(String text) {
    if (text.isEmpty() || text.chars().anyMatch(it -> it > 0xff)) {
      throw new IllegalArgumentException(
          "characters must be from \\u0000 to \\u00ff, and at least one, was \"" + text + '"');
    }
  }

  private static void requireSome(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes must be at least 1, was " + bytes);
    }
  }
}
