package dev.larder.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A Redis command, bytes all the way: {@code
 * Command.of("SET").key("k").arg("v").arg("EX").arg(60)}.
 *
 * <p>Immutable: every step gives a new command, so a beginning may be kept and continued many
 * times. Each step copies the list of words, so a long list of keys or arguments goes in by one
 * step, {@link #keys} or {@link #args}. Keys are marked as such because a Cluster is routed by the
 * first of them. Byte arrays are not copied; whoever hands one over must not change it afterwards.
 */
public final class Command implements Call {
  private static final int NO_KEY = 0;

  private final byte[][] words;

  /** Where the first key stands; the name stands at 0. */
  private final int firstKey;

  private Command(byte[][] words, int firstKey) {
    this.words = words;
    this.firstKey = firstKey;
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
    return new Command(new byte[][] {name.getBytes(UTF_8)}, NO_KEY);
  }

  /** This command and one more key. */
  public Command key(byte[] key) {
    return with(key, hasKey() ? firstKey : words.length);
  }

  /** This command and one more key, as UTF-8. */
  public Command key(String key) {
    return key(key.getBytes(UTF_8));
  }

  /** This command and more keys. */
  public Command keys(Collection<byte[]> keys) {
    return with(keys, hasKey() || keys.isEmpty() ? firstKey : words.length);
  }

  /** This command and one more argument. */
  public Command arg(byte[] argument) {
    return with(argument, firstKey);
  }

  /** This command and one more argument, as UTF-8. */
  public Command arg(String argument) {
    return arg(argument.getBytes(UTF_8));
  }

  /** This command and one more argument, in decimal. */
  public Command arg(long argument) {
    return arg(Long.toString(argument));
  }

  /** This command and more arguments. */
  public Command args(Collection<byte[]> arguments) {
    return with(arguments, firstKey);
  }

  private Command with(byte[] word, int firstKey) {
    byte[][] longer = Arrays.copyOf(words, words.length + 1);
    longer[words.length] = requireNonNull(word);
    return new Command(longer, firstKey);
  }

  private Command with(Collection<byte[]> more, int firstKey) {
    byte[][] longer = Arrays.copyOf(words, words.length + more.size());
    int at = words.length;
    for (byte[] word : more) {
      longer[at++] = requireNonNull(word);
    }
    return new Command(longer, firstKey);
  }

  /** The name as it was given. */
  @Override
  public String name() {
    return new String(words[0], UTF_8);
  }

  /** The name and every key and argument, in the order in which Redis gets them. */
  public List<byte[]> words() {
    return Collections.unmodifiableList(Arrays.asList(words));
  }

  /** The key by which a Cluster is routed, if this command has one. */
  public Optional<byte[]> firstKey() {
    return hasKey() ? Optional.of(words[firstKey]) : Optional.empty();
  }

  @Override
  public boolean hasKey() {
    return firstKey != NO_KEY;
  }

  /** The name and the number of arguments; never their content, which may be secret. */
  @Override
  public String toString() {
    int arguments = words.length - 1;
    return name() + " with " + arguments + (arguments == 1 ? " argument" : " arguments");
  }
}
