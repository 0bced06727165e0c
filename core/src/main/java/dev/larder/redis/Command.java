package dev.larder.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Redis command, bytes all the way: {@code
 * Command.of("SET").key("k").arg("v").arg("EX").arg(60)}.
 *
 * <p>Immutable: every step gives a new command, so a beginning may be kept and continued many
 * times. Keys are marked as such because a Cluster is routed by the first of them. Byte arrays are
 * not copied; whoever hands one over must not change it afterwards.
 */
public final class Command {
  private final @Nullable Command before;
  private final byte[] word;
  private final boolean key;
  private final int size;

  private Command(@Nullable Command before, byte[] word, boolean key) {
    this.before = before;
    this.word = word;
    this.key = key;
    this.size = before == null ? 1 : before.size + 1;
  }

  /**
   * A command without arguments yet.
   *
   * @param name such as {@code "GET"}; a subcommand is an argument: {@code
   *     Command.of("SCRIPT").arg("LOAD")}
   * @throws IllegalArgumentException if the name is blank or contains white space
   */
  public static Command of(String name) {
    if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("a command's name is one word, was \"" + name + '"');
    }
    return new Command(null, name.getBytes(UTF_8), false);
  }

  /** This command and one more key. */
  public Command key(byte[] key) {
    return new Command(this, key, true);
  }

  /** This command and one more key, as UTF-8. */
  public Command key(String key) {
    return key(key.getBytes(UTF_8));
  }

  /** This command and one more argument. */
  public Command arg(byte[] argument) {
    return new Command(this, argument, false);
  }

  /** This command and one more argument, as UTF-8. */
  public Command arg(String argument) {
    return arg(argument.getBytes(UTF_8));
  }

  /** This command and one more argument, in decimal. */
  public Command arg(long argument) {
    return arg(Long.toString(argument));
  }

  /** The name as it was given. */
  public String name() {
    return new String(words().get(0), UTF_8);
  }

  /** The name and every key and argument, in the order in which Redis gets them. */
  public List<byte[]> words() {
    byte[][] words = new byte[size][];
    for (Command at = this; at != null; at = at.before) {
      words[at.size - 1] = at.word;
    }
    return Arrays.asList(words);
  }

  /** The key by which a Cluster is routed, if this command has one. */
  public Optional<byte[]> firstKey() {
    byte @Nullable [] first = null;
    for (Command at = this; at != null; at = at.before) {
      if (at.key) {
        first = at.word;
      }
    }
    return Optional.ofNullable(first);
  }

  /** The name and the number of arguments; never their content, which may be secret. */
  @Override
  public String toString() {
    return name() + " with " + (size - 1) + (size == 2 ? " argument" : " arguments");
  }
}
