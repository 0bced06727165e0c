package dev.larder.server.rest.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.memory.ByteBudget;
import java.util.Arrays;

/**
 * The commands of one request, as slices of one array of bytes: argument {@code a} lies between
 * {@code bounds[2a]} and {@code bounds[2a + 1]}, and command {@code c} has the arguments from
 * {@code firsts[c]} up to {@code firsts[c + 1]}. Nothing is copied into strings or lists on its way
 * from the socket to Redis.
 */
public final class CommandBatch {
  private byte[] data;
  private int length;
  private int[] bounds = new int[16];
  private int[] firsts = new int[4];
  private int arguments;
  private int commands;
  private final ByteBudget.Share share;

  /**
   * Takes over {@code data}: slices of it become arguments.
   *
   * @param share what the data takes of the budget, which grows by what is needed beside it
   */
  public CommandBatch(byte[] data, int length, ByteBudget.Share share) {
    this.data = data;
    this.length = length;
    this.share = share;
  }

  /** As above, of commands that need not be counted. */
  public CommandBatch(byte[] data, int length) {
    this(data, length, ByteBudget.unlimited());
  }

  /** The bounds of many short arguments take more than those themselves. */
  private int[] twice(int[] numbers) {
    long bytes = (long) Integer.BYTES * numbers.length;
    // For a moment there are both, the old ones and the new.
    take(2 * bytes);
    int[] more = Arrays.copyOf(numbers, 2 * numbers.length);
    share.giveBack(bytes);
    return more;
  }

  private void take(long bytes) {
    if (!share.take(bytes)) {
      throw HttpFault.noRoom(share.budget());
    }
  }

  /** Begins the next command; the arguments added from here on are its own. */
  public void command() {
    if (commands + 2 > firsts.length) {
      firsts = twice(firsts);
    }
    firsts[commands++] = arguments;
    firsts[commands] = arguments;
  }

  /**
   * Adds the bytes of {@link #data()} from {@code start} up to {@code end} as the next argument.
   */
  public void argument(int start, int end) {
    if (2 * arguments + 2 > bounds.length) {
      bounds = twice(bounds);
    }
    bounds[2 * arguments] = start;
    bounds[2 * arguments + 1] = end;
    firsts[commands] = ++arguments;
  }

  /**
   * Copies bytes behind the data and adds them as the next argument.
   *
   * @param count how many of them, from the first
   */
  public void argument(byte[] bytes, int count) {
    int start = length;
    if (start + count > data.length) {
      take(start + count - data.length);
      data = Arrays.copyOf(data, start + count);
    }
    System.arraycopy(bytes, 0, data, start, count);
    length += count;
    argument(start, length);
  }

  /** The array that all arguments are slices of. */
  public byte[] data() {
    return data;
  }

  /** How many commands there are. */
  public int size() {
    return commands;
  }

  /** How many arguments a command has, its name included. */
  public int arity(int command) {
    return firsts[command + 1] - firsts[command];
  }

  /** Where an argument begins in {@link #data()}. */
  public int start(int command, int argument) {
    return bounds[2 * (firsts[command] + argument)];
  }

  /** Where it ends. */
  public int end(int command, int argument) {
    return bounds[2 * (firsts[command] + argument) + 1];
  }

  /** A copy of one argument. */
  public byte[] bytes(int command, int argument) {
    return Arrays.copyOfRange(data, start(command, argument), end(command, argument));
  }

  /** One argument as text, for what is compared or shown. */
  public String text(int command, int argument) {
    int start = start(command, argument);
    return new String(data, start, end(command, argument) - start, UTF_8);
  }

  /** Whether an argument is this word, in whatever case its letters are. */
  public boolean is(int command, int argument, String upperCase) {
    int start = start(command, argument);
    return end(command, argument) - start == upperCase.length() && startsWith(start, upperCase);
  }

  /**
   * Whether engines take an argument for this option: they compare it as C does, only up to a NUL.
   */
  public boolean isUpToNul(int command, int argument, String upperCase) {
    int start = start(command, argument);
    int length = end(command, argument) - start;
    return (length == upperCase.length()
            || (length > upperCase.length() && data[start + upperCase.length()] == 0))
        && startsWith(start, upperCase);
  }

  private boolean startsWith(int start, String upperCase) {
    for (int i = 0; i < upperCase.length(); i++) {
      if (upper(data[start + i]) != upperCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is a NUL in an argument. */
  public boolean hasNul(int command, int argument) {
    for (int i = start(command, argument), end = end(command, argument); i < end; i++) {
      if (data[i] == 0) {
        return true;
      }
    }
    return false;
  }

  /** A letter of ASCII in its upper case; what is none stays. */
  public static int upper(byte letter) {
    return letter >= 'a' && letter <= 'z' ? letter - 32 : letter;
  }
}
