package dev.larder.server.http;

import java.time.Duration;

/**
 * What callers may take of the node, whatever they ask for.
 *
 * @param lineBytes the longest request line
 * @param headerBytes the longest headers, all of them together
 * @param connections the most connections at a time; further ones are closed at once
 * @param idle how long a connection may stay open with nothing asked on it
 * @param request how long a request's headers, and then its body, may take to arrive
 * @param write how long a caller may take to take an answer
 */
public record HttpLimits(
    int lineBytes,
    int headerBytes,
    int connections,
    Duration idle,
    Duration request,
    Duration write) {
  /** Refuses limits that would let nothing through. */
  public HttpLimits {
    positive("line-bytes", lineBytes);
    positive("header-bytes", headerBytes);
    positive("connections", connections);
    positive("idle", idle.toMillis());
    positive("request", request.toMillis());
    positive("write", write.toMillis());
  }

  private static void positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }
}
