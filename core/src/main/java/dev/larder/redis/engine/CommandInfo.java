package dev.larder.redis.engine;

import java.util.Map;
import java.util.Set;

/**
 * A command of an engine, as its COMMAND tells it.
 *
 * @param name in lower case; a subcommand's is written {@code config|get}
 * @param arity how many words, the name included; negative where it is only the least number
 * @param flags such as {@code write}, {@code readonly}
 * @param firstKey position of the first key, the name being 0; 0 where there is none or it has no
 *     fixed place
 * @param lastKey position of the last key; negative counts from the end
 * @param step from one key to the next
 * @param categories ACL categories without the {@code @}, such as {@code read}, {@code dangerous}
 * @param subcommands by lower-case name without the parent's; empty before Redis 7, which does not
 *     tell them
 */
public record CommandInfo(
    String name,
    int arity,
    Set<String> flags,
    int firstKey,
    int lastKey,
    int step,
    Set<String> categories,
    Map<String, CommandInfo> subcommands) {

  /** Keeps copies that cannot change. */
  public CommandInfo {
    flags = Set.copyOf(flags);
    categories = Set.copyOf(categories);
    subcommands = Map.copyOf(subcommands);
  }

  /** The same command with these subcommands. */
  CommandInfo with(Map<String, CommandInfo> subcommands) {
    return new CommandInfo(name, arity, flags, firstKey, lastKey, step, categories, subcommands);
  }

  /** Whether it may change data. */
  public boolean writes() {
    return flags.contains("write");
  }

  /** Whether it reads data and never changes it. */
  public boolean readOnly() {
    return flags.contains("readonly");
  }

  /**
   * Whether it may wait for data, and hold its connection meanwhile. No engine tells that of WAIT,
   * which waits for replicas.
   */
  public boolean blocks() {
    // The flag of this name came with Redis 7.0, the category with 6.0.
    return categories.contains("blocking");
  }

  /**
   * Whether this command takes so many words.
   *
   * @param words the name included
   */
  public boolean accepts(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }
}
