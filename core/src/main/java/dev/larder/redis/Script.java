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

  private Script(String source) {
    this.source = source;
    this.sha1 = sha1(source);
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
      return new Script(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " beside " + type.getName(), e);
    }
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
