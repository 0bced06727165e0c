package dev.larder.embedded.system;

import java.util.Set;

/** The environment of the processes that are started: nothing in it may be a secret. */
final class Environment {
  /** Where programs, libraries and temporary files are, and what time it is. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "HOME",
          "TMPDIR",
          "TZ",
          "LD_LIBRARY_PATH",
          "DYLD_LIBRARY_PATH",
          "DYLD_FALLBACK_LIBRARY_PATH");

  private Environment() {}

  static void restrict(ProcessBuilder builder) {
    builder.environment().keySet().retainAll(PASSED_ON);
    // An invalid locale keeps Redis 7.2 and newer from starting.
    builder.environment().put("LC_ALL", "C");
  }
}
