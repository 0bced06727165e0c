package dev.larder.server.http;

import dev.larder.server.http.memory.ByteBudget;

/**
 * A request that is answered with an error: the status and the sentence its caller reads. Cheap to
 * throw, since it says nothing of where it was thrown.
 */
public final class HttpFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * A fault that answers so.
   *
   * @param status the HTTP status, 400 to 599
   * @param message what was wrong and what would be right, beginning with a Redis error code such
   *     as {@code ERR}
   */
  public HttpFault(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** A fault of the caller's request. */
  public static HttpFault badRequest(String message) {
    return new HttpFault(400, message);
  }

  /** There is no room for what a request would take of this budget. */
  public static HttpFault noRoom(ByteBudget requests) {
    return new HttpFault(
        503,
        "ERR the node holds "
            + requests.taken()
            + " bytes of requests and may hold "
            + requests.most()
            + " at a time, nothing was executed: try again, or send less at a time");
  }

  /** The HTTP status to answer with. */
  public int status() {
    return status;
  }

  /** The sentence for the caller. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
