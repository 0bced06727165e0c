package dev.larder.server.rest.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.memory.ByteBudget;

/**
 * Reads a command from the request line: {@code /set/foo/bar?EX=100}, percent-decoded by RFC 3986
 * into bytes; the body of a POST follows the path's arguments, and those of the query follow the
 * body.
 */
public final class PathCommand {

  private static final byte[] NONE = {};

  private PathCommand() {}

  /** Reads a command without a body. */
  public static CommandBatch read(String uri) {
    return read(uri, NONE, 0, ByteBudget.unlimited());
  }

  /**
   * Reads a command.
   *
   * @param uri the request's path and query as they came
   * @param body what a POST or PUT carried, and maybe room behind it
   * @param length of the body in bytes; it is appended as one argument unless it is empty
   * @param share what the body takes of the budget, the batch's own too
   * @throws HttpFault with status 400, if a percent sign is not followed by two hexadecimal digits
   */
  public static CommandBatch read(String uri, byte[] body, int length, ByteBudget.Share share) {
    byte[] data = uri.getBytes(UTF_8);
    var batch = new CommandBatch(data, data.length, share);
    batch.command();
    int query = uri.indexOf('?') < 0 ? data.length : indexOf(data, '?', 0, data.length);
    for (int start = 1; start <= query; ) {
      int end = indexOf(data, '/', start, query);
      decoded(batch, start, end, false);
      start = end + 1;
    }
    if (length > 0) {
      batch.argument(body, length);
    }
    for (int start = query + 1; start < data.length; ) {
      int end = indexOf(data, '&', start, data.length);
      int equals = indexOf(data, '=', start, end);
      if (!isToken(data, start, equals) && end > start) {
        decoded(batch, start, equals, true);
        if (equals < end - 1) {
          decoded(batch, equals + 1, end, true);
        }
      }
      start = end + 1;
    }
    if (batch.end(0, 0) == batch.start(0, 0)) {
      throw HttpFault.badRequest(
          "ERR empty command: send POST / with a JSON array such as [\"GET\",\"key\"], or a path such as /get/key");
    }
    return batch;
  }

  private static boolean isToken(byte[] data, int start, int end) {
    return end - start == 6 && new String(data, start, 6, UTF_8).equals("_token");
  }

  private static int indexOf(byte[] data, char wanted, int from, int to) {
    int at = from;
    while (at < to && data[at] != wanted) {
      at++;
    }
    return at;
  }

  /**
   * Decodes in place, since what is decoded is never longer, and adds the result as an argument.
   */
  private static void decoded(CommandBatch batch, int start, int end, boolean plusIsSpace) {
    byte[] data = batch.data();
    int to = start;
    for (int at = start; at < end; at++) {
      if (data[at] == '%') {
        int high = at + 1 < end ? Character.digit((char) data[at + 1], 16) : -1;
        int low = at + 2 < end ? Character.digit((char) data[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw HttpFault.badRequest(
              "ERR the path is not percent-encoded: '%' must be followed by two hexadecimal digits");
        }
        data[to++] = (byte) ((high << 4) | low);
        at += 2;
      } else {
        data[to++] = plusIsSpace && data[at] == '+' ? (byte) ' ' : data[at];
      }
    }
    batch.argument(start, to);
  }
}
