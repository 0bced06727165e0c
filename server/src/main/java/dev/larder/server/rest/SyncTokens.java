package dev.larder.server.rest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Tokens by which the SDKs ask to read their own writes. With one engine that holds anyway, so a
 * token is only another one for each answer.
 */
final class SyncTokens {
  private static final CharSequence HEADER = HttpHeaders.createOptimized("upstash-sync-token");

  private final String prefix = HexFormat.of().toHexDigits(new SecureRandom().nextInt()) + '-';
  private long count;

  /** Gives an answer, whatever it will say, one that was not given before. */
  void give(HttpServerResponse answer) {
    answer.headers().set(HEADER, prefix + Long.toString(++count, 36));
  }
}
