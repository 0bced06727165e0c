package dev.larder.server.http.framing;

/**
 * Reads a Host letter by letter (RFC 9110, section 7.2): a name or an address of IPv4, or one of
 * IPv6 in brackets, and behind it at most a port. Letters beyond ASCII pass, as some write names
 * with them.
 */
final class HostSyntax {
  private static final boolean[] IN_HOST = RequestSyntax.in("-._~!$&'()*+;=:[]%");

  private Part part = Part.START;

  private enum Part {
    START,
    NAME,
    BRACKETS,
    BEHIND_BRACKETS,
    PORT
  }

  /** Whether a text is a host. */
  static boolean isHost(String text) {
    var host = new HostSyntax();
    return text.chars().allMatch(letter -> host.goesOn((byte) letter)) && host.isWhole();
  }

  /** A new one begins. */
  void begin() {
    part = Part.START;
  }

  /** Whether a letter may come next. */
  boolean goesOn(byte letter) {
    if (letter >= 0 && !RequestSyntax.is(letter, IN_HOST)) {
      return false;
    }
    Part before = part;
    part =
        switch (letter) {
          case '[' -> Part.BRACKETS;
          case ']' -> Part.BEHIND_BRACKETS;
          case ':' -> before == Part.BRACKETS ? before : Part.PORT;
          default -> before == Part.START ? Part.NAME : before;
        };
    return switch (letter) {
      case '[' -> before == Part.START;
      case ']' -> before == Part.BRACKETS;
      case ':' -> before != Part.START && before != Part.PORT;
      default ->
          before != Part.BEHIND_BRACKETS
              && (before != Part.PORT || (letter >= '0' && letter <= '9'));
    };
  }

  /** Whether there was one, and its bracket was closed. */
  boolean isWhole() {
    return part != Part.START && part != Part.BRACKETS;
  }
}
