package dev.larder.redis.lettuce;

import dev.larder.LarderException;
import dev.larder.redis.RedisRefusedException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import io.lettuce.core.RedisCommandExecutionException;
import io.netty.handler.ssl.NotSslRecordException;
import java.security.GeneralSecurityException;

/** What a fault of Lettuce means. */
final class Faults {
  private Faults() {}

  /**
   * Why no connection came about.
   *
   * @param to where to, without secrets
   * @return a {@link RedisUnavailableException} only for what time may mend
   */
  static LarderException notConnected(Object to, Throwable fault) {
    String message = "cannot connect to " + to + ": " + reason(fault);
    return lasts(fault)
        ? new RedisRefusedException(message, fault)
        : new RedisUnavailableException(message, fault);
  }

  /** Whether it lasts until somebody mends it. */
  private static boolean lasts(Throwable fault) {
    if (root(fault) instanceof RedisCommandExecutionException answered
        && answered.getMessage() != null) {
      Reply.Failure failure = new Reply.Failure(answered.getMessage());
      return !failure.kind().passes() && !failure.message().startsWith("ERR max number of clients");
    }
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      // A certificate that is not trusted, or the TLS of a port that has none.
      if (cause instanceof GeneralSecurityException || cause instanceof NotSslRecordException) {
        return true;
      }
    }
    return false;
  }

  /** What a fault says of itself. */
  static String reason(Throwable fault) {
    Throwable root = root(fault);
    String message = root.getMessage();
    return message == null ? root.toString() : message;
  }

  private static Throwable root(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
