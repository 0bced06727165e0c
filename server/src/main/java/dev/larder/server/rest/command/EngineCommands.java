package dev.larder.server.rest.command;

import dev.larder.redis.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of the engine as it last told them. A caller's name that is not among them has it
 * asked again, though not often: a module may have been loaded, or the engine upgraded. Meanwhile
 * requests are judged by what is known. Shared by all event loops.
 */
public final class EngineCommands {
  private static final Logger log = LoggerFactory.getLogger(EngineCommands.class);

  /** The least time from one question to the next. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final Supplier<CompletionStage<Engine>> asking;
  private final InstantSource clock;
  private final CommandKeys keys;
  private final AtomicReference<Instant> mayAskFrom = new AtomicReference<>(Instant.MIN);
  private volatile Engine engine;
  private volatile Commands now;

  /**
   * Those that {@code engine} told.
   *
   * @param asking asks it again, and does not hold the caller up
   */
  public EngineCommands(
      Engine engine, Supplier<CompletionStage<Engine>> asking, InstantSource clock) {
    this.asking = asking;
    this.clock = clock;
    this.engine = engine;
    this.keys = new CommandKeys(engine);
    this.now = Commands.of(engine);
  }

  /** What is known now; a request is judged and translated by the same. */
  public Commands now() {
    return now;
  }

  /** Where keys stand, always by what is known. */
  public CommandKeys keys() {
    return keys;
  }

  /** A caller named a command that the engine did not tell of. */
  public void missed() {
    Instant time = clock.instant();
    Instant from = mayAskFrom.get();
    if (!time.isBefore(from) && mayAskFrom.compareAndSet(from, time.plus(PAUSE))) {
      var unused =
          asking
              .get()
              .whenComplete(
                  (told, fault) -> {
                    if (fault == null) {
                      learn(told);
                    } else {
                      log.info("cannot ask the engine for its commands again", fault);
                    }
                  });
    }
  }

  private synchronized void learn(Engine told) {
    if (!told.commands().equals(engine.commands()) || !told.version().equals(engine.version())) {
      log.info("{} has other commands than before", told);
      engine = told;
      keys.learn(told);
      now = Commands.of(told);
    }
  }
}
