package dev.larder.server.rest.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.memory.ByteBudget;

/**
 * Reads commands from JSON: one array of arguments, or an array of such arrays. Strings are
 * unescaped in place, since no escape is shorter than what it stands for, and numbers are kept as
 * they were written; so an argument is a slice of the body and nothing is copied. The grammar is
 * that of RFC 8259; bytes that are not UTF-8 pass through untouched.
 */
public final class JsonCommands {
  private static final byte[] REPLACEMENT = "\uFFFD".getBytes(UTF_8);

  private final byte[] data;
  private final int length;
  private final CommandBatch batch;
  private int at;

  private JsonCommands(byte[] data, int length, ByteBudget.Share share) {
    this.data = data;
    this.length = length;
    this.batch = new CommandBatch(data, length, share);
  }

  /**
   * Reads {@code ["SET","k","v"]}.
   *
   * @param data the body, which becomes the batch's own
   * @param share what it takes of the budget, the batch's own too
   * @throws HttpFault with status 400, if it is anything else; 503, if there is no room for it
   */
  public static CommandBatch one(byte[] data, int length, ByteBudget.Share share) {
    var reader = new JsonCommands(data, length, share);
    reader.open("a command is a JSON array of its name and arguments, such as [\"GET\",\"key\"]");
    reader.command();
    reader.end();
    return reader.batch;
  }

  /**
   * Reads {@code [["SET","k","v"],["GET","k"]]}.
   *
   * @param data the body, which becomes the batch's own
   * @param most how many commands may stand in it
   * @param share what it takes of the budget, the batch's own too
   * @throws HttpFault with status 400, if it is anything else; 503, if there is no room for it
   */
  public static CommandBatch many(byte[] data, int length, int most, ByteBudget.Share share) {
    var reader = new JsonCommands(data, length, share);
    String form =
        "a pipeline is a JSON array of commands, such as [[\"SET\",\"key\",\"value\"],[\"GET\",\"key\"]]";
    reader.open(form);
    if (reader.peek() == ']') {
      throw HttpFault.badRequest("ERR empty pipeline request");
    }
    int commands = 0;
    do {
      reader.open(form);
      if (++commands <= most) {
        reader.command();
      } else {
        // Counted to the end, so that the message can say by how much it is too long.
        reader.skipFlatArray();
      }
    } while (reader.next());
    reader.end();
    if (commands > most) {
      throw HttpFault.badRequest(
          "ERR pipeline too long. Limit: " + most + " commands, Actual: " + commands + " commands");
    }
    return reader.batch;
  }

  private void command() {
    batch.command();
    if (peek() == ']') {
      throw HttpFault.badRequest("ERR empty command: an array needs at least the command's name");
    }
    do {
      argument();
    } while (next());
  }

  private void skipFlatArray() {
    if (peek() == ']') {
      at++;
      return;
    }
    var unread = new int[2];
    do {
      value(unread);
    } while (next());
  }

  private void argument() {
    var slice = new int[2];
    value(slice);
    batch.argument(slice[0], slice[1]);
  }

  /** Reads one scalar and says where its bytes lie. */
  private void value(int[] slice) {
    switch (peek()) {
      case '"' -> string(slice);
      case 't' -> word("true", slice);
      case 'f' -> word("false", slice);
      case 'n' ->
          throw HttpFault.badRequest(
              "ERR null is not an argument: send a string, a number or a boolean");
      case '[', '{' ->
          throw HttpFault.badRequest(
              "ERR nested arguments are not allowed: send a string, a number or a boolean");
      default -> number(slice);
    }
  }

  private void open(String expected) {
    if (peek() != '[') {
      throw HttpFault.badRequest("ERR failed to parse the request: " + expected);
    }
    at++;
  }

  /** Steps over a comma to the next element, or over the bracket that ends the array. */
  private boolean next() {
    int there = peek();
    if (there != ',' && there != ']') {
      throw malformed();
    }
    at++;
    return there == ',';
  }

  private void end() {
    while (at < length && blank(data[at])) {
      at++;
    }
    if (at < length) {
      throw malformed();
    }
  }

  /** The next byte that is not white space, left unread. */
  private int peek() {
    while (at < length && blank(data[at])) {
      at++;
    }
    if (at == length) {
      throw HttpFault.badRequest(
          "ERR failed to parse the request: the JSON ends too early, after " + length + " bytes");
    }
    return data[at];
  }

  private static boolean blank(byte there) {
    return there == ' ' || there == '\n' || there == '\r' || there == '\t';
  }

  private void word(String word, int[] slice) {
    int start = at;
    for (int i = 0; i < word.length(); i++, at++) {
      if (at == length || data[at] != word.charAt(i)) {
        throw malformed();
      }
    }
    slice[0] = start;
    slice[1] = at;
  }

  private void number(int[] slice) {
    int start = at;
    if (data[at] == '-') {
      at++;
    }
    if (at < length && data[at] == '0') {
      at++;
    } else {
      digits();
    }
    if (at < length && data[at] == '.') {
      at++;
      digits();
    }
    if (at < length && (data[at] == 'e' || data[at] == 'E')) {
      at++;
      if (at < length && (data[at] == '+' || data[at] == '-')) {
        at++;
      }
      digits();
    }
    slice[0] = start;
    slice[1] = at;
  }

  private void digits() {
    int start = at;
    while (at < length && data[at] >= '0' && data[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw malformed();
    }
  }

  private void string(int[] slice) {
    int start = ++at;
    while (at < length) {
      byte there = data[at];
      if (there == '"') {
        slice[0] = start;
        slice[1] = at++;
        return;
      }
      if (there == '\\') {
        unescape(start, slice);
        return;
      }
      if (there >= 0 && there < ' ') {
        throw malformed();
      }
      at++;
    }
    throw malformed();
  }

  /** The rest of a string from its first escape on, moved together in place. */
  private void unescape(int start, int[] slice) {
    int to = at;
    while (at < length) {
      byte there = data[at++];
      if (there == '"') {
        slice[0] = start;
        slice[1] = to;
        return;
      }
      if (there >= 0 && there < ' ') {
        at--;
        throw malformed();
      }
      if (there != '\\') {
        data[to++] = there;
        continue;
      }
      if (at == length) {
        break;
      }
      switch (data[at++]) {
        case '"' -> data[to++] = '"';
        case '\\' -> data[to++] = '\\';
        case '/' -> data[to++] = '/';
        case 'b' -> data[to++] = '\b';
        case 'f' -> data[to++] = '\f';
        case 'n' -> data[to++] = '\n';
        case 'r' -> data[to++] = '\r';
        case 't' -> data[to++] = '\t';
        case 'u' -> to = encode(codePoint(), to);
        default -> {
          at--;
          throw malformed();
        }
      }
    }
    throw malformed();
  }

  /**
   * Reads the four digits behind a backslash and u, and those of the low surrogate behind a high
   * one; a lone one is -1.
   */
  private int codePoint() {
    int unit = hex();
    if (!Character.isSurrogate((char) unit)) {
      return unit;
    }
    if (Character.isHighSurrogate((char) unit)
        && at + 6 <= length
        && data[at] == '\\'
        && data[at + 1] == 'u') {
      int before = at;
      at += 2;
      int low = hex();
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
      at = before;
    }
    return -1;
  }

  private int hex() {
    if (at + 4 > length) {
      at = length;
      throw malformed();
    }
    int unit = 0;
    for (int i = 0; i < 4; i++, at++) {
      int digit = Character.digit((char) data[at], 16);
      if (digit < 0) {
        throw malformed();
      }
      unit = (unit << 4) | digit;
    }
    return unit;
  }

  private int encode(int codePoint, int to) {
    if (codePoint < 0) {
      System.arraycopy(REPLACEMENT, 0, data, to, REPLACEMENT.length);
      return to + REPLACEMENT.length;
    }
    if (codePoint < 0x80) {
      data[to++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      data[to++] = (byte) (0xC0 | (codePoint >> 6));
      data[to++] = (byte) (0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
      data[to++] = (byte) (0xE0 | (codePoint >> 12));
      data[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      data[to++] = (byte) (0x80 | (codePoint & 0x3F));
    } else {
      data[to++] = (byte) (0xF0 | (codePoint >> 18));
      data[to++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      data[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      data[to++] = (byte) (0x80 | (codePoint & 0x3F));
    }
    return to;
  }

  private HttpFault malformed() {
    return at >= length
        ? HttpFault.badRequest(
            "ERR failed to parse the request: the JSON ends too early, after " + length + " bytes")
        : HttpFault.badRequest(
            "ERR failed to parse the request: unexpected byte "
                + shown(data[at])
                + " at offset "
                + at);
  }

  private static String shown(byte there) {
    return there > ' ' && there < 127 ? "'" + (char) there + "'" : String.format("0x%02x", there);
  }
}
