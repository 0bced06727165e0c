package dev.larder.embedded;

import dev.larder.embedded.net.RespClient;
import dev.larder.embedded.net.RespError;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits until an engine answers: for a minute, which begins anew each time that it says it is still
 * loading its data.
 */
final class EngineReadiness {
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private EngineReadiness() {}

  /** How the wait ended, if not well. */
  enum Failure {
    /** The engine has ended. */
    ENDED,
    /** It runs, and does not answer. */
    SILENT,
    /** The caller was interrupted. */
    INTERRUPTED
  }

  /** Returns when it answers, empty, or when it will not. */
  static Optional<Failure> await(EngineProcess engine) {
    long deadline = System.nanoTime() + AT_MOST.toNanos();
    while (true) {
      switch (ask(engine)) {
        case READY -> {
          return Optional.empty();
        }
        // However large the data is.
        case LOADING -> deadline = System.nanoTime() + AT_MOST.toNanos();
        case NO_ANSWER -> {}
      }
      if (engine.endsWithin(PAUSE)) {
        return Optional.of(Failure.ENDED);
      }
      if (Thread.currentThread().isInterrupted()) {
        return Optional.of(Failure.INTERRUPTED);
      }
      if (System.nanoTime() - deadline > 0) {
        return Optional.of(Failure.SILENT);
      }
    }
  }

  private enum Answer {
    READY,
    LOADING,
    NO_ANSWER
  }

  private static Answer ask(EngineProcess engine) {
    try (RespClient client = engine.connect(it -> it.timeout(Duration.ofSeconds(2)))) {
      client.text("PING");
      // Another engine may have the port; ours is about to end then.
      return client.text("INFO", "server").contains("process_id:" + engine.pid() + "\r")
          ? Answer.READY
          : Answer.NO_ANSWER;
    } catch (RespError e) {
      return e.code().equals("LOADING") ? Answer.LOADING : Answer.NO_ANSWER;
    } catch (IOException e) {
      return Answer.NO_ANSWER;
    }
  }
}
