package dev.larder.redis.lettuce;

import dev.larder.LarderException;
import dev.larder.redis.RedisRefusedException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import io.lettuce.core.RedisCommandExecutionException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

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
    Throwable root = root(fault);
    String message = "cannot connect to " + to + ": " + reason(root);
    return lastsFor(root)
        ? new RedisRefusedException(message, fault)
        : new RedisUnavailableException(message, fault);
  }

  /** Whether it lasts until somebody mends it. */
  private static boolean lastsFor(Throwable root) {
    if (root instanceof RedisCommandExecutionException answered && answered.getMessage() != null) {
      Reply.Failure failure = new Reply.Failure(answered.getMessage());
      return !failure.kind().passes() && !failure.message().startsWith("ERR max number of clients");
    }
    return root instanceof SSLException || root instanceof CertificateException;
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
