package dev.larder.server.http.framing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Reads requests of HTTP/1.1 and 1.0 byte by byte, as strictly as RFC 9112 allows, and knows of
 * each byte to which request it belongs. What it lets pass has one meaning only: one length, one
 * Host, one Authorization, no folded lines, no line break but CR LF.
 */
final class RequestSyntax {
  private static final int LONGEST_NAME = 32;
  private static final int LONGEST_VALUE = 16;
  private static final int LONGEST_EXTENSION = 256;
  private static final int CHUNK_DIGITS = 8;
  private static final int LENGTH_DIGITS = 18;
  private static final byte[] VERSION = "HTTP/1.".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);
  private static final boolean[] IN_TOKEN = in("!#$%&'*+-.^_`|~");

  /** A header that has a say in what belongs to a request, or in who sent it. */
  @SuppressWarnings("ImmutableEnumChecker") // the names are never written to
  private enum Field {
    HOST("host"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    AUTHORIZATION("authorization"),
    /** With it, the codec would expect eight bytes of a WebSocket draft that nobody speaks. */
    WEBSOCKET_KEY("sec-websocket-key1"),
    OTHER("");

    private static final Field[] NAMED = {
      HOST, CONTENT_LENGTH, TRANSFER_ENCODING, AUTHORIZATION, WEBSOCKET_KEY
    };

    private final byte[] name;

    Field(String name) {
      this.name = name.getBytes(US_ASCII);
    }

    static Field of(byte[] name, int length) {
      for (Field field : NAMED) {
        if (length == field.name.length && Arrays.equals(name, 0, length, field.name, 0, length)) {
          return field;
        }
      }
      return OTHER;
    }
  }

  private enum State {
    BEFORE_REQUEST,
    EMPTY_LINE,
    METHOD,
    TARGET,
    VERSION,
    LINE_END,
    NAME_START,
    NAME,
    VALUE_START,
    VALUE,
    VALUE_END,
    HEAD_END,
    BODY,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_END,
    CHUNK,
    CHUNK_END,
    CHUNK_LINE_END
  }

  private final int lineBytes;
  private final int headerBytes;
  private final byte[] name = new byte[LONGEST_NAME];
  private final byte[] value = new byte[LONGEST_VALUE];
  private State state = State.BEFORE_REQUEST;
  private Field field = Field.OTHER;
  private int nameLength;
  private int valueLength;
  private int line;
  private int headers;
  private int seen;
  private int minor;
  private int hosts;
  private final HostSyntax host = new HostSyntax();
  private int authorizations;
  private int lengths;
  private boolean chunked;
  private boolean trailers;
  private boolean emptyLine;
  private int heads;
  private int requests;
  private long length = -1;
  private long left;

  /**
   * @param lineBytes the longest request line
   * @param headerBytes the longest headers, all together
   */
  RequestSyntax(int lineBytes, int headerBytes) {
    this.lineBytes = lineBytes;
    this.headerBytes = headerBytes;
  }

  /** Whether the next byte is one of a request's line or headers, not of its body. */
  boolean inHead() {
    return state.compareTo(State.HEAD_END) <= 0 && !trailers;
  }

  /** How many requests had a whole head. */
  int heads() {
    return heads;
  }

  /** Whether a request is whole and nothing of the next one has come. */
  boolean betweenRequests() {
    return state == State.BEFORE_REQUEST;
  }

  /** How many requests were whole. */
  int requests() {
    return requests;
  }

  /** Passes over bytes of a body without looking at them: how many of so many there are. */
  int passOver(int available) {
    if (state != State.BODY && state != State.CHUNK) {
      return 0;
    }
    int more = (int) Math.min(left, available);
    left -= more;
    if (left == 0 && state == State.BODY) {
      ended();
    } else if (left == 0) {
      state = State.CHUNK_END;
    }
    return more;
  }

  /**
   * Reads on, up to where a head or a request ends, or bytes begin that need not be looked at.
   *
   * @return behind the last byte that was read
   * @throws MalformedRequestException at the first byte that makes no sense
   */
  int read(byte[] bytes, int from, int to) {
    int at = from;
    State before;
    do {
      at = plain(bytes, at, to);
      if (at == to) {
        return at;
      }
      before = state;
      next(bytes[at++]);
    } while (at < to
        && state != State.BODY
        && state != State.CHUNK
        && (state == before || (before != State.HEAD_END && state != State.BEFORE_REQUEST)));
    return at;
  }

  /** Reads values that mean nothing here, which are the most of a head, faster than by letters. */
  private int plain(byte[] bytes, int from, int to) {
    int at = from;
    if (state == State.VALUE && (field == Field.OTHER || field == Field.AUTHORIZATION)) {
      while (at < to && (isText(bytes[at]) || bytes[at] == ' ')) {
        at++;
      }
      countHeader(at - from);
    }
    return at;
  }

  private void next(byte letter) {
    switch (state) {
      case BEFORE_REQUEST -> {
        begin();
        if (letter == '\r') {
          state = State.EMPTY_LINE;
        } else {
          state = State.METHOD;
          method(letter);
        }
      }
      case EMPTY_LINE -> {
        // RFC 9112, section 2.2: old clients send a line break behind a body; one is enough.
        expect(letter, '\n', "a CR without LF");
        check(!emptyLine, "empty lines before the request line");
        emptyLine = true;
        state = State.METHOD;
      }
      case METHOD -> method(letter);
      case TARGET -> target(letter);
      case VERSION -> version(letter);
      case LINE_END -> {
        expect(letter, '\n', "a CR without LF");
        state = State.NAME_START;
      }
      case NAME_START -> nameStart(letter);
      case NAME -> name(letter);
      case VALUE_START, VALUE -> value(letter);
      case VALUE_END -> {
        expect(letter, '\n', "a CR without LF");
        valueEnded();
        state = State.NAME_START;
      }
      case HEAD_END -> {
        expect(letter, '\n', "a CR without LF");
        headEnded();
      }
      case CHUNK_SIZE -> chunkSize(letter);
      case CHUNK_EXTENSION -> {
        if (letter == '\r') {
          state = State.CHUNK_SIZE_END;
        } else {
          check(isText(letter) && ++seen <= LONGEST_EXTENSION, "a malformed chunk extension");
        }
      }
      case CHUNK_SIZE_END -> {
        expect(letter, '\n', "a malformed chunk size");
        trailers = left == 0;
        headers = 0;
        state = left == 0 ? State.NAME_START : State.CHUNK;
      }
      case CHUNK_END -> {
        expect(letter, '\r', "a chunk that is longer than its size");
        state = State.CHUNK_LINE_END;
      }
      case CHUNK_LINE_END -> {
        expect(letter, '\n', "a chunk that is longer than its size");
        chunkBegins();
      }
      case BODY, CHUNK -> throw new IllegalStateException("bodies are not read byte by byte");
    }
  }

  private void begin() {
    line = 0;
    headers = 0;
    seen = 0;
    hosts = 0;
    authorizations = 0;
    lengths = 0;
    chunked = false;
    trailers = false;
    emptyLine = false;
    length = -1;
  }

  private void method(byte letter) {
    if (letter == ' ' && line > 0) {
      state = State.TARGET;
      seen = 0;
    } else if (letter == '\r' && line == 0 && !emptyLine) {
      state = State.EMPTY_LINE;
      return;
    } else {
      check(is(letter, IN_TOKEN), "a malformed method");
    }
    countLine();
  }

  private void target(byte letter) {
    if (letter == ' ') {
      check(seen > 0, "no request target");
      state = State.VERSION;
      seen = 0;
    } else {
      check(isText(letter) && letter != '\t', "a malformed request target");
      seen++;
    }
    countLine();
  }

  private void version(byte letter) {
    if (seen < VERSION.length) {
      check(letter == VERSION[seen], "a malformed request line, or a version other than 1.1");
    } else if (seen == VERSION.length) {
      check(letter == '0' || letter == '1', "a version other than 1.1 and 1.0");
      minor = letter - '0';
    } else {
      expect(letter, '\r', "something behind the version");
      state = State.LINE_END;
    }
    seen++;
    countLine();
  }

  private void countLine() {
    if (++line > lineBytes + 2) {
      throw new MalformedRequestException(
          414, "ERR the request line is too long. Limit: " + lineBytes + " bytes; send a body");
    }
  }

  private void nameStart(byte letter) {
    nameLength = 0;
    if (letter == '\r') {
      state = State.HEAD_END;
    } else {
      check(letter != ' ' && letter != '\t', "a folded header line");
      state = State.NAME;
      name(letter);
    }
  }

  private void name(byte letter) {
    countHeader(1);
    if (letter == ':') {
      check(nameLength > 0, "a header without a name");
      field = Field.of(name, nameLength);
      valueLength = 0;
      seen = 0;
      host.begin();
      state = State.VALUE_START;
      return;
    }
    check(is(letter, IN_TOKEN), "a malformed header name");
    if (nameLength < LONGEST_NAME) {
      name[nameLength] = lower(letter);
    }
    nameLength++;
  }

  private void value(byte letter) {
    countHeader(1);
    if (letter == '\r') {
      state = State.VALUE_END;
      return;
    }
    boolean space = letter == ' ' || letter == '\t';
    check(space || isText(letter), "a control character in a header");
    if (space && state == State.VALUE_START) {
      return;
    }
    state = State.VALUE;
    if (field == Field.HOST) {
      host(letter, space);
    } else if (field != Field.OTHER && field != Field.AUTHORIZATION) {
      // Space behind a value does not count, space within it does.
      if (space) {
        seen++;
      } else {
        check(seen == 0 && valueLength < LONGEST_VALUE + LENGTH_DIGITS, told());
        if (valueLength < LONGEST_VALUE) {
          value[valueLength] = lower(letter);
        }
        valueLength++;
        if (field == Field.CONTENT_LENGTH) {
          lengthDigit(letter);
        }
      }
    }
  }

  private void host(byte letter, boolean space) {
    if (space) {
      seen++;
    } else {
      check(seen == 0 && host.goesOn(letter), told());
      valueLength = 1;
    }
  }

  private void lengthDigit(byte letter) {
    check(letter >= '0' && letter <= '9' && valueLength <= LENGTH_DIGITS, told());
    length = (valueLength == 1 ? 0 : length * 10) + letter - '0';
  }

  private String told() {
    return switch (field) {
      case HOST -> "a malformed Host";
      case CONTENT_LENGTH -> "a malformed Content-Length";
      case TRANSFER_ENCODING -> "another Transfer-Encoding than chunked";
      default -> "a malformed header";
    };
  }

  private void countHeader(int bytes) {
    headers += bytes;
    if (headers > headerBytes) {
      throw new MalformedRequestException(
          431, "ERR the headers are too long. Limit: " + headerBytes + " bytes");
    }
  }

  private void valueEnded() {
    check(
        !trailers || field == Field.OTHER,
        "a header among the trailers that belongs before the body");
    switch (field) {
      case HOST -> {
        check(valueLength > 0, "an empty Host");
        check(host.isWhole(), told());
        check(++hosts == 1, "more than one Host");
      }
      case AUTHORIZATION -> check(++authorizations == 1, "more than one Authorization");
      case CONTENT_LENGTH -> {
        check(valueLength > 0, told());
        check(++lengths == 1, "more than one Content-Length");
      }
      case TRANSFER_ENCODING -> {
        check(!chunked, "more than one Transfer-Encoding");
        check(
            valueLength == CHUNKED.length
                && Arrays.equals(value, 0, valueLength, CHUNKED, 0, valueLength),
            told());
        chunked = true;
      }
      case WEBSOCKET_KEY -> check(false, "a header of an old draft of WebSocket");
      case OTHER -> {}
    }
  }

  private void headEnded() {
    if (trailers) {
      trailers = false;
      ended();
      return;
    }
    check(hosts == 1 || minor == 0, "no Host");
    check(!chunked || minor == 1, "a Transfer-Encoding in a request of HTTP/1.0");
    check(!chunked || length < 0, "a Content-Length beside a Transfer-Encoding");
    heads++;
    if (chunked) {
      chunkBegins();
    } else if (length > 0) {
      left = length;
      state = State.BODY;
    } else {
      ended();
    }
  }

  private void ended() {
    requests++;
    state = State.BEFORE_REQUEST;
  }

  private void chunkBegins() {
    state = State.CHUNK_SIZE;
    seen = 0;
    left = 0;
  }

  private void chunkSize(byte letter) {
    int digit = Character.digit((char) letter, 16);
    if (digit >= 0) {
      check(++seen <= CHUNK_DIGITS, "a chunk size that is too long");
      left = (left << 4) + digit;
      // No codec reads one that is longer.
      check(left <= Integer.MAX_VALUE, "a chunk size that is too long");
    } else if (letter == '\r' && seen > 0) {
      state = State.CHUNK_SIZE_END;
    } else {
      check(letter == ';' && seen > 0, "a malformed chunk size");
      seen = 0;
      state = State.CHUNK_EXTENSION;
    }
  }

  private static void expect(byte letter, char wanted, String problem) {
    check(letter == wanted, problem);
  }

  private static void check(boolean right, String problem) {
    if (!right) {
      throw new MalformedRequestException(400, "ERR not an HTTP request: " + problem);
    }
  }

  /** Visible, or a tab, or a byte of a text that is not ASCII. */
  private static boolean isText(byte letter) {
    return (letter > ' ' && letter < 127) || letter < 0 || letter == '\t';
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
  }

  static boolean is(byte letter, boolean[] in) {
    return letter >= 0 && in[letter];
  }

  /** Letters, digits and these. */
  static boolean[] in(String marks) {
    var in = new boolean[128];
    marks.chars().forEach(it -> in[it] = true);
    for (char it = '0'; it <= 'z'; it++) {
      in[it] |= it <= '9' || it >= 'a' || (it >= 'A' && it <= 'Z');
    }
    return in;
  }
}
