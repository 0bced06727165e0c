package dev.larder.server.rest;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Tokens by which the SDKs ask to read their own writes. With one engine that holds anyway, so a
 * token is only another one for each answer.
 */
final class SyncTokens {
  private final String prefix = HexFormat.of().toHexDigits(new SecureRandom().nextInt()) + '-';
  private long count;

  /** One that was not given before. */
  String next() {
    return prefix + Long.toString(++count, 36);
  }
}
