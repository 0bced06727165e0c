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

  /** Nothing of it is on its way any more: the memory that it took can be given back. */
  void settled();

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

  /**
   * Whether so many more bytes of replies may be kept for it until it is told of them; if not, they
   * are dropped, and its answer says so.
   */
  boolean gathers(int bytes);

  /** Whether the rest of its commands is to be sent, after some of them have been. */
  boolean wantsMore();

  /** Answers before all replies are there; those that come later are dropped. */
  void giveUp(HttpFault why);

  /** Names who is told of its replies. */
  void sentBy(Observer link);

  /** Hears how the engine answers a request. */
  interface Observer {
    /** One command was answered, with so many bytes, or lost. */
    void replied(long bytes);

    /** All replies to it are in. */
    void settled(EngineRequest request);

    /** A reply says that the engine is no primary. */
    void demoted();
  }
}
