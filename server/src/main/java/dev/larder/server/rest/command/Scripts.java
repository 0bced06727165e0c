package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes scripts that are written for Upstash run on a stock engine. {@code @upstash/ratelimit}
 * begins each of its scripts with {@code #!lua flags=allow-key-locking}, a flag that Redis and
 * Valkey refuse; it only allows Upstash to run scripts in parallel, so it is dropped, and before
 * Redis 7, which knows no such first line, the whole line is (but for its line break, so that error
 * messages still count lines right).
 *
 * <p>The caller goes on naming the script by the SHA-1 of its own text, so that of the text that
 * the engine knows is remembered. Where it is not (another node saw the script, or too many came
 * since), the engine answers {@code NOSCRIPT} and the caller sends the text again. Shared by all
 * event loops.
 */
final class Scripts {
  private static final Pattern ONE_OF_SEVERAL =
      Pattern.compile("(?<=[=,])allow-key-locking,|,allow-key-locking(?=[,\\s]|$)");
  private static final Pattern ALONE = Pattern.compile(" flags=allow-key-locking(?=\\s|$)");

  /** The flags of a function, and there the flag with the comma behind it, if there is one. */
  private static final Pattern FLAGS = Pattern.compile("\\bflags\\s*=\\s*\\{[^}]*\\}");

  private static final Pattern QUOTED = Pattern.compile("([\"'])allow-key-locking\\1(\\s*)[,;]?");
  private static final int MOST_REMEMBERED = 10_000;

  private final boolean engineKnowsFirstLine;
  private final Cache<String, byte[]> engineDigests =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

  /**
   * @param engineKnowsFirstLine whether the engine understands {@code #!lua …}: Redis since 7.0,
   *     every Valkey
   */
  Scripts(boolean engineKnowsFirstLine) {
    this.engineKnowsFirstLine = engineKnowsFirstLine;
  }

  /**
   * The script as the engine can run it, or null where it already is so. Remembers the digests of
   * both.
   */
  byte @Nullable [] rewrite(byte[] script) {
    if (script.length < 2 || script[0] != '#' || script[1] != '!') {
      return null;
    }
    int lineEnd = 0;
    while (lineEnd < script.length && script[lineEnd] != '\n') {
      lineEnd++;
    }
    byte[] line =
        engineKnowsFirstLine
            ? withoutFlag(new String(script, 0, lineEnd, UTF_8)).getBytes(UTF_8)
            : new byte[0];
    if (line.length == lineEnd) {
      return null;
    }
    var rewritten = new byte[line.length + script.length - lineEnd];
    System.arraycopy(line, 0, rewritten, 0, line.length);
    System.arraycopy(script, lineEnd, rewritten, line.length, script.length - lineEnd);
    engineDigests.put(digest(script), digest(rewritten).getBytes(UTF_8));
    return rewritten;
  }

  /**
   * The digest by which the engine knows a script that its caller calls {@code digest}, or null
   * where it is the same.
   */
  byte @Nullable [] engineDigest(String digest) {
    return engineDigests.getIfPresent(digest.toLowerCase(Locale.ROOT));
  }

  /**
   * A library of functions as the engine can load it, or null where it already is so. The flag may
   * stand in its first line or among the flags of a function; the lines stay where they are.
   */
  static byte @Nullable [] library(byte[] code) {
    String text =
        new String(code, ISO_8859_1); // whatever its bytes are, they come out as they were
    if (!text.contains("allow-key-locking")) {
      return null;
    }
    String kept =
        FLAGS
            .matcher(text)
            .replaceAll(
                flags -> Matcher.quoteReplacement(QUOTED.matcher(flags.group()).replaceAll("$2")));
    int lineEnd = kept.indexOf('\n');
    if (kept.startsWith("#!") && lineEnd > 0) {
      kept = withoutFlag(kept.substring(0, lineEnd)) + kept.substring(lineEnd);
    }
    return kept.equals(text) ? null : kept.getBytes(ISO_8859_1);
  }

  /** The SHA-1 of a script as Redis writes it, in 40 small hexadecimal digits. */
  static String digest(byte[] script) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(script));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-1", e);
    }
  }

  private static String withoutFlag(String line) {
    return ALONE.matcher(ONE_OF_SEVERAL.matcher(line).replaceAll("")).replaceAll("");
  }
}
