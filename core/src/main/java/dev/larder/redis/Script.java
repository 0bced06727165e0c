package dev.larder.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script, known to Redis by the SHA-1 of its source. */
public final class Script {
  private final String source;
  private final String sha1;
  private final boolean retriable;

  private Script(String source, String sha1, boolean retriable) {
    this.source = source;
    this.sha1 = sha1;
    this.retriable = retriable;
  }

  /**
   * Loads the file that lies beside a class.
   *
   * @param type the class that runs the script
   * @param file the file's name, such as {@code "fixed_window.lua"}
   * @throws IllegalArgumentException if there is no such file
   */
  public static Script beside(Class<?> type, String file) {
    try (InputStream in = type.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + file + " beside " + type.getName());
      }
      String source = new String(in.readAllBytes(), UTF_8);
      return new Script(source, sha1(source), false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " beside " + type.getName(), e);
    }
  }

  /**
   * This script, with its author's word that an error which begins with MOVED, ASK, TRYAGAIN,
   * CLUSTERDOWN, READONLY or LOADING never comes from the script itself, nor after it has changed
   * anything: such an answer then proves that nothing was executed, and the call may be sent again.
   * Without that word it is an answer like any other, as a script may return whatever it likes.
   */
  public Script retriable() {
    return new Script(source, sha1, true);
  }

  /** Whether it was given that word. */
  public boolean isRetriable() {
    return retriable;
  }

  /** The Lua source. */
  public String source() {
    return source;
  }

  /** Lower-case hexadecimal SHA-1 of the source, as EVALSHA takes it. */
  public String sha1() {
    return sha1;
  }

  private static String sha1(String source) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
