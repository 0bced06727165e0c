package dev.larder.server.http.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that carry a user of the engine, sealed with AES-256-GCM (NIST SP 800-38D) under a key
 * that is derived from a secret. Nothing of them is stored, so every node with the same secret
 * knows them, and they end when it changes.
 */
public final class UserTokens {
  /** How many characters the secret must have at least: of hexadecimal digits, 128 bits. */
  public static final int LEAST_SECRET = 32;

  private static final byte[] PURPOSE = "larder: tokens of the engine's users".getBytes(UTF_8);
  private static final String PREFIX = "acl_";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  /**
   * Seals under a key of its own.
   *
   * @param secret random, so that nobody can find it by trying: who has it can make tokens for any
   *     user whose password he knows, and read the passwords in those that were made
   */
  public UserTokens(String secret) {
    if (secret.length() < LEAST_SECRET) {
      throw new IllegalArgumentException(
          "a secret for sealing tokens must have at least %d characters, had %d"
              .formatted(LEAST_SECRET, secret.length()));
    }
    key =
        new SecretKeySpec(
            Hkdf.derive(secret.getBytes(UTF_8), new byte[0], PURPOSE, KEY_BYTES), "AES");
  }

  /** A token for this user, another one at every call. */
  public String seal(EngineUser user) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] name = user.name().getBytes(UTF_8);
    byte[] password = user.password().getBytes(UTF_8);
    byte[] plain =
        ByteBuffer.allocate(4 + name.length + password.length)
            .putInt(name.length)
            .put(name)
            .put(password)
            .array();
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      byte[] token =
          ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
      return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has AES/GCM", e);
    }
  }

  /** The user of a token, or nothing where it is not one that was sealed under this key. */
  public Optional<EngineUser> open(String token) {
    if (!token.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      ByteBuffer sealed =
          ByteBuffer.wrap(Base64.getUrlDecoder().decode(token.substring(PREFIX.length())));
      var nonce = new byte[NONCE_BYTES];
      if (sealed.remaining() < NONCE_BYTES) {
        return Optional.empty();
      }
      sealed.get(nonce);
      var rest = new byte[sealed.remaining()];
      sealed.get(rest);
      ByteBuffer plain = ByteBuffer.wrap(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(rest));
      var name = new byte[plain.getInt()];
      plain.get(name);
      var password = new byte[plain.remaining()];
      plain.get(password);
      return Optional.of(new EngineUser(new String(name, UTF_8), new String(password, UTF_8)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
