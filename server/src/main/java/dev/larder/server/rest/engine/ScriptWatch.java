package dev.larder.server.rest.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The scripts of one link that are under way: has those ended that run for too long. */
public final class ScriptWatch {
  private static final long BETWEEN_ATTEMPTS = Duration.ofMillis(250).toNanos();

  private final EngineControl control;
  private final long limit;
  private final Deque<EngineRequest> running = new ArrayDeque<>();
  private long attempted;

  /** With none under way. */
  public ScriptWatch(EngineControl control) {
    Duration scriptTime = control.scriptTime();
    this.control = control;
    this.limit = scriptTime == null ? Long.MAX_VALUE : scriptTime.toNanos();
  }

  /** A request goes out. */
  public void sent(EngineRequest request) {
    if (limit < Long.MAX_VALUE && request.runsScript()) {
      running.add(request);
    }
  }

  /** All replies to a request are in. */
  public void settled(EngineRequest request) {
    if (!running.isEmpty()) {
      running.remove(request);
    }
  }

  /**
   * To be called now and then. What waits behind a script is not ended: an engine ends only what
   * keeps it busy at that moment.
   *
   * @param now {@link System#nanoTime()}
   */
  public void check(long now) {
    EngineRequest oldest = running.peek();
    if (oldest != null && now - oldest.began() > limit && now - attempted > BETWEEN_ATTEMPTS) {
      attempted = now;
      control.endScripts();
    }
  }
}
