package dev.larder.server.http.framing;

/** Bytes that are no request, or could be read as more than one. */
final class MalformedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status the HTTP status to answer with
   * @param message what was wrong
   */
  MalformedRequestException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
