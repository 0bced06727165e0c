package dev.larder.server.http.auth;

/** What a token may do with the data. */
public enum Access {
  READ_WRITE,
  /** Reads by name only: nothing that writes, and no listing of keys. */
  READ_ONLY;

  /** As the configuration writes it: {@code read-write}, {@code read-only}. */
  @Override
  public String toString() {
    return this == READ_WRITE ? "read-write" : "read-only";
  }
}
