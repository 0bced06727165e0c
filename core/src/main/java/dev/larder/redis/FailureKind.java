package dev.larder.redis;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an error of Redis means to the caller: the errors that ask for different reactions. */
public enum FailureKind {
  /** The engine has not read its data from disk yet. */
  LOADING(true),
  /** A replica without its primary, which does not serve stale data. */
  MASTERDOWN(true),
  /** The engine is a replica, and takes no writes: there was a failover. */
  READONLY(true),
  /** The slot is served by nobody, or the Cluster has no majority. */
  CLUSTERDOWN(true),
  /** The keys of one call lie on two nodes while their slot moves. */
  TRYAGAIN(true),
  /** A script or a function runs for longer than the engine's limit, and nothing else meanwhile. */
  BUSY(true),
  /** The memory is full, and nothing may be evicted. */
  OOM(false),
  /** The user may not run this command, or touch this key. */
  NOPERM(false),
  /** There was no password, or the wrong one. */
  NOAUTH(false),
  /** The engine does not know this script. */
  NOSCRIPT(false),
  /** The slot lies at another node of the Cluster. */
  MOVED(false),
  /** For this once, the node that takes the slot over is to be asked. */
  ASK(false),
  /** Everything else, above all wrong arguments and wrong types. */
  OTHER(false);

  private static final Map<String, FailureKind> BY_CODE =
      Map.ofEntries(
          Map.entry("LOADING", LOADING),
          Map.entry("MASTERDOWN", MASTERDOWN),
          Map.entry("READONLY", READONLY),
          Map.entry("CLUSTERDOWN", CLUSTERDOWN),
          Map.entry("TRYAGAIN", TRYAGAIN),
          Map.entry("BUSY", BUSY),
          Map.entry("OOM", OOM),
          Map.entry("NOPERM", NOPERM),
          Map.entry("NOAUTH", NOAUTH),
          Map.entry("WRONGPASS", NOAUTH),
          Map.entry("NOSCRIPT", NOSCRIPT),
          Map.entry("MOVED", MOVED),
          Map.entry("ASK", ASK));

  /** How Redis 6.2 tells the error of a command that a script called. */
  private static final Pattern IN_A_SCRIPT =
      Pattern.compile(
          "ERR Error running script \\(call to f_\\w+\\): @user_script: ?\\d+: "
              + "(?:@user_script: ?\\d+: )?-?([A-Z]+)\\b.*",
          Pattern.DOTALL);

  private final boolean passing;

  FailureKind(boolean passing) {
    this.passing = passing;
  }

  /** Whether it goes away by itself, as far as can be told, so that a later try makes sense. */
  public boolean passes() {
    return passing;
  }

  static FailureKind of(Reply.Failure failure) {
    FailureKind kind = BY_CODE.get(failure.code());
    if (kind != null) {
      return kind;
    }
    Matcher inner = IN_A_SCRIPT.matcher(failure.message());
    return inner.matches() ? BY_CODE.getOrDefault(inner.group(1), OTHER) : OTHER;
  }
}
