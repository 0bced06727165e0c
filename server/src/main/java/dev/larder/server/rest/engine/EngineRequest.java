package dev.larder.server.rest.engine;

import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.command.OutgoingCommand;
import dev.larder.server.rest.request.BatchKind;
import java.util.List;

/** A request as links see it: commands that go out together, and are answered by a certain time. */
public interface EngineRequest {
  /** How its commands belong together. */
  BatchKind kind();

  /** What is sent, in this order; a transaction with its MULTI and EXEC. */
  List<? extends OutgoingCommand> commands();

  /** How much memory it takes while it waits, in bytes. */
  int bytes();

  /** {@link System#nanoTime()} when it had been read whole. */
  long began();

  /** Whether a script of its caller's is among them. */
  default boolean runsScript() {
    for (OutgoingCommand command : commands()) {
      if (command.rule().runsScript()) {
        return true;
      }
    }
    return false;
  }

  /** Whether nobody waits for its replies any more. */
  boolean over();

  /** Answers before all replies are there; those that come later are dropped. */
  void giveUp(HttpFault why);

  /** Names who is told of its replies. */
  void sentBy(Observer link);

  /** Hears how the engine answers a request. */
  interface Observer {
    /** All replies to it are in. */
    void settled(EngineRequest request);

    /** A reply says that the engine is no primary. */
    void demoted();
  }
}
