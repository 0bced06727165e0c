package dev.larder.server.rest.engine;

import dev.larder.redis.lettuce.link.NotConnected;
import dev.larder.server.http.HttpFault;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What callers are told where the engine did not answer: whether anything was executed, above all.
 */
public final class EngineFaults {
  /**
   * Nothing of a command was sent. It says nothing of where it was made, so that one serves all.
   */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  public static final HttpFault UNREACHABLE =
      new HttpFault(503, "ERR the engine cannot be reached, nothing was executed: try again");

  private EngineFaults() {}

  /** A connection could not be opened: the engine refused the user, or did not answer. */
  public static HttpFault unreachable(@Nullable Throwable fault) {
    return refusal(fault).map(HttpFault::badRequest).orElse(UNREACHABLE);
  }

  /** The error by which the engine refused, where that is why something failed. */
  private static Optional<String> refusal(@Nullable Throwable fault) {
    for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException refused) {
        return Optional.ofNullable(refused.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Whether the engine refused a user's password, or does not know him. */
  public static boolean isWrongPassword(@Nullable Throwable fault) {
    return refusal(fault).filter(it -> it.startsWith("WRONGPASS")).isPresent();
  }

  /** As Upstash says that. */
  public static HttpFault wrongPassword(String user) {
    return HttpFault.badRequest("ERR Wrong password or user \"" + user + "\" does not exist");
  }

  /** The budget of a request is used up. */
  public static HttpFault tooLate(EngineLimits limits) {
    return new HttpFault(
        503,
        "ERR the engine did not answer within "
            + limits.budget().toMillis()
            + " ms: whether the command was executed is unknown");
  }

  /** What a caller is told of an error of the engine: that a script was ended, in plain words. */
  public static String told(String error) {
    return error.contains("killed by user with SCRIPT KILL")
            || error.contains("killed by user with FUNCTION KILL")
        ? "BUSY the script ran for too long and was ended; it had written nothing (" + error + ')'
        : error;
  }

  /** Why there is no reply. */
  public static HttpFault of(Throwable cause) {
    if (cause instanceof HttpFault fault) {
      return fault;
    }
    return cause instanceof NotConnected
        ? UNREACHABLE
        : new HttpFault(
            503,
            "ERR the connection to the engine broke: whether the command was executed is unknown");
  }
}
