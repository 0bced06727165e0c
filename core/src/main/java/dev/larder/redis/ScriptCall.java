package dev.larder.redis;

import java.util.List;

/**
 * A script with its keys and arguments. It is called by its SHA-1 and, where Redis does not know it
 * (yet, or any more), once more with its source: what Redis does not know was not executed.
 *
 * <p>That is told by the very sentence in which Redis says it. A script that answers this sentence
 * itself would be run a second time.
 *
 * @param script what to run
 * @param keys every key that the script touches; on a Cluster all in one slot
 * @param args further arguments
 */
public record ScriptCall(Script script, List<byte[]> keys, List<byte[]> args) implements Call {
  /** Keeps copies of the lists; the arrays in them must not change afterwards. */
  public ScriptCall {
    keys = List.copyOf(keys);
    args = List.copyOf(args);
  }

  /** EVALSHA with all of this. */
  public Command bySha1() {
    return command("EVALSHA", script.sha1());
  }

  /** EVAL with all of this. */
  public Command bySource() {
    return command("EVAL", script.source());
  }

  private Command command(String name, String text) {
    return Command.of(name).arg(text).arg(keys.size()).keys(keys).args(args);
  }

  @Override
  public String name() {
    return "script " + script.sha1();
  }

  @Override
  public boolean hasKey() {
    return !keys.isEmpty();
  }

  /** How many keys and arguments; never their content, which may be secret. */
  @Override
  public String toString() {
    return name() + " with " + keys.size() + " keys, " + args.size() + " args";
  }
}
