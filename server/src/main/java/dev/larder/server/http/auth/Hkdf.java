package dev.larder.server.http.auth;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys out of a secret, by HKDF with HMAC-SHA-256 (RFC 5869). For secrets that cannot be guessed:
 * it is fast, and so would be a guess.
 */
final class Hkdf {
  private static final String HMAC = "HmacSHA256";
  private static final int HASH_BYTES = 32;

  private Hkdf() {}

  /**
   * A key.
   *
   * @param salt need not be secret; may be empty
   * @param info what the key is for, so that keys for different things have nothing in common
   * @param bytes how long it is, at most 8160
   */
  static byte[] derive(byte[] secret, byte[] salt, byte[] info, int bytes) {
    if (bytes < 1 || bytes > 255 * HASH_BYTES) {
      throw new IllegalArgumentException("a key is of 1 to 8160 bytes, not of " + bytes);
    }
    Mac extract = hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt);
    Mac expand = hmac(extract.doFinal(secret));
    var key = new byte[bytes];
    byte[] block = {};
    for (int done = 0, i = 1; done < bytes; done += HASH_BYTES, i++) {
      expand.update(block);
      expand.update(info);
      block = expand.doFinal(new byte[] {(byte) i});
      System.arraycopy(block, 0, key, done, Math.min(HASH_BYTES, bytes - done));
    }
    Arrays.fill(block, (byte) 0);
    return key;
  }

  private static Mac hmac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has " + HMAC, e);
    }
  }
}
