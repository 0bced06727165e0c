package dev.larder.server.fuzz;

import java.util.Random;

/**
 * What a strange engine sends for a value. Replies name the key that they are for, so that one
 * which reaches somebody else shows.
 *
 * @param text what is sent, each character a byte
 * @param then what happens to the connection behind them
 */
record StrangeReply(String text, Then then) {
  /** One in so many strange replies costs the connection. */
  private static final int RARE = 40;

  private static final String[] BROKEN = {
    "$-5\r\n",
    "*-7\r\n",
    "$9999999999\r\n",
    "$2147483648\r\n",
    "*99999999999999999999\r\n",
    "*2147483648\r\n",
    ":12x\r\n",
    ":\r\n",
    "$\r\n",
    "$3\r\nabcdef\r\n",
    "$3\nabc\n",
    "+line\n",
    "*1\r\n$3\r\nabc*\r\n",
    "%1\r\n+a\r\n+b\r\n",
    ",1.5\r\n",
    "#t\r\n",
    "_\r\n",
    ">2\r\n+message\r\n+x\r\n",
    "(123\r\n",
    "=5\r\ntxt:a\r\n",
    "HTTP/1.1 200 OK\r\n\r\n",
    "\0\0\0\0",
    "\r\n",
  };

  /** What happens behind a reply. */
  enum Then {
    /** The engine goes on. */
    GO_ON,
    /** It hangs up. */
    HANG_UP,
    /** It says nothing more, for a while, and then hangs up. */
    STAND_STILL
  }

  /** A reply as a real engine's. */
  static StrangeReply plain(String key) {
    return sound(bulk(key + "=value"));
  }

  private static StrangeReply sound(String reply) {
    return new StrangeReply(reply, Then.GO_ON);
  }

  /** Any reply. */
  static StrangeReply any(String key, Random random) {
    return random.nextInt(RARE) == 0 ? broken(key, random) : sound(wellFormed(key, random));
  }

  private static String wellFormed(String key, Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> bulk(key + "=" + "x".repeat(1 << random.nextInt(22)));
      case 1 -> "*1\r\n".repeat(1 << random.nextInt(14)) + bulk(key);
      case 2 -> nested(key, random, 0);
      case 3 -> ':' + Long.toString(random.nextLong()) + "\r\n";
      case 4 -> "-ERR " + key + " is wrong\r\n";
      case 5 -> '+' + key + "\r\n";
      case 6 -> random.nextBoolean() ? "$-1\r\n" : "*-1\r\n";
      case 7 -> random.nextBoolean() ? "$0\r\n\r\n" : "*0\r\n";
      default -> "*" + 5_000 + "\r\n" + bulk(key).repeat(5_000);
    };
  }

  private static String nested(String key, Random random, int depth) {
    if (depth == 5 || random.nextInt(3) == 0) {
      return switch (random.nextInt(5)) {
        case 0 -> ":1\r\n";
        case 1 -> "$-1\r\n";
        case 2 -> "-ERR " + key + "\r\n";
        case 3 -> "*-1\r\n";
        default -> bulk(key);
      };
    }
    int size = random.nextInt(4);
    var array = new StringBuilder("*" + size + "\r\n");
    for (int i = 0; i < size; i++) {
      array.append(nested(key, random, depth + 1));
    }
    return array.toString();
  }

  private static StrangeReply broken(String key, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> {
        String whole = wellFormed(key, random);
        String cut = whole.substring(0, random.nextInt(whole.length()));
        return new StrangeReply(cut, Then.HANG_UP);
      }
      case 1 -> {
        return new StrangeReply("", Then.STAND_STILL);
      }
      case 2 -> {
        // It promises much, begins, and keeps everybody waiting.
        String begun = "$500000000\r\n" + key + "x".repeat(1 << random.nextInt(20));
        return new StrangeReply(begun, Then.STAND_STILL);
      }
      default -> {
        String broken = BROKEN[random.nextInt(BROKEN.length)];
        // What comes behind is nobody's reply.
        return new StrangeReply(broken, Then.STAND_STILL);
      }
    }
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }
}
