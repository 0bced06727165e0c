package dev.larder.server.rest.engine;

import dev.larder.redis.Command;
import dev.larder.redis.FailureKind;
import dev.larder.redis.NodeId;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.engine.Engine;
import dev.larder.server.http.Health;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node itself asks of its engine, on a connection of its own: whether it serves, and to
 * end scripts that run for too long. Shared by all event loops, and safe on all of them.
 */
public final class EngineControl implements Health.Engine, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineControl.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** An engine answers only when it thinks itself busy, by default after 5 s. */
  private static final Duration UNTIL_BUSY = Duration.ofSeconds(10);

  /** So many askers share an answer as come within this time. */
  private static final long FRESH_NANOS = Duration.ofMillis(250).toNanos();

  private static final Command PING = Command.of("PING");

  private final Redis redis;
  private final @Nullable Duration scriptTime;
  private final List<Command> ends;
  private final Counter ended;
  private final AtomicReference<@Nullable Probe> last = new AtomicReference<>();
  private final AtomicBoolean ending = new AtomicBoolean();

  private record Probe(long began, CompletionStage<Optional<String>> obstacle) {}

  /**
   * Asks on this connection, which is closed with it.
   *
   * @param redis as whom the node may end scripts
   * @param scriptTime how long a script may run, or null where the node ends none
   */
  public EngineControl(
      Redis redis, Engine engine, @Nullable Duration scriptTime, MeterRegistry registry) {
    this.redis = redis;
    this.scriptTime = scriptTime;
    this.ends =
        engine.has("FUNCTION")
            ? List.of(Command.of("SCRIPT").arg("KILL"), Command.of("FUNCTION").arg("KILL"))
            : List.of(Command.of("SCRIPT").arg("KILL"));
    this.ended =
        Counter.builder("larder.scripts.ended")
            .description("Scripts of callers that the node ended since they ran for too long")
            .register(registry);
  }

  /** How long a script may run before the node ends it; null where it may run for ever. */
  public @Nullable Duration scriptTime() {
    return scriptTime;
  }

  /** Of a Cluster one primary that serves is enough. */
  @Override
  public CompletionStage<Optional<String>> obstacle() {
    Probe probe = last.get();
    if (probe == null || System.nanoTime() - probe.began() > FRESH_NANOS) {
      var newer =
          new Probe(
              System.nanoTime(),
              redis
                  .within(PATIENCE)
                  .sendToPrimaries(PING)
                  .thenApply(outcomes -> obstacle(outcomes.values())));
      last.set(newer);
      probe = newer;
    }
    return probe.obstacle();
  }

  private static Optional<String> obstacle(Collection<Outcome> outcomes) {
    String obstacle = "engine unreachable";
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Answered answered) {
        if (!(answered.reply() instanceof Failure failure)) {
          return Optional.empty();
        }
        obstacle =
            failure.kind() == FailureKind.BUSY
                ? "engine BUSY with a script"
                : "engine refuses: " + failure.code();
      } else if (outcome instanceof Outcome.Unknown) {
        obstacle = "engine does not answer";
      }
    }
    return Optional.of(obstacle);
  }

  /** Ends the script, or the function, that keeps an engine busy, if one does. */
  void endScripts() {
    if (ending.compareAndSet(false, true)) {
      end(0);
    }
  }

  private void end(int next) {
    if (next == ends.size()) {
      ending.set(false);
      return;
    }
    redis
        .within(UNTIL_BUSY)
        .sendToPrimaries(ends.get(next))
        .whenComplete(
            (outcomes, fault) -> {
              if (outcomes != null) {
                outcomes.forEach(this::tell);
              }
              end(next + 1);
            });
  }

  private void tell(NodeId node, Outcome outcome) {
    if (!(outcome instanceof Outcome.Answered answered)) {
      return;
    }
    if (!(answered.reply() instanceof Failure failure)) {
      ended.increment();
      log.warn("ended a script on {} that ran for more than {}", node, scriptTime);
    } else if (failure.code().equals("UNKILLABLE")) {
      log.warn("a script on {} cannot be ended, since it has written: {}", node, failure.message());
    } else if (failure.kind() == FailureKind.NOPERM) {
      log.warn("the node may not end a script on {}: {}", node, failure.message());
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
