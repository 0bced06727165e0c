package dev.larder.benchmarks.rest;

import dev.larder.benchmarks.compare.Measurement;
import dev.larder.benchmarks.compare.Subject;
import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.process.RedisEngine;
import dev.larder.benchmarks.process.Running;
import java.time.Duration;
import java.util.List;

/**
 * A door under wrk's load.
 *
 * @param label what to call it
 * @param wrk the load
 * @param url where the door is, without a path
 * @param script the load's Lua file
 * @param path what the script puts before its keys
 * @param token the bearer token that it sends
 * @param servers whose CPU time counts
 * @param work what a request makes the engine do
 * @param engine who confirms that it did
 */
public record HttpSubject(
    String label,
    Wrk wrk,
    String url,
    String script,
    String path,
    String token,
    List<Running> servers,
    Work work,
    RedisEngine engine)
    implements Subject {

  /** What a request makes the engine do. */
  public enum Work {
    /** One GET. */
    GET(1),
    /** One SET. */
    SET(1),
    /** Sixteen GETs. */
    SIXTEEN_GETS(16),
    /** Nothing: the door answers by itself. */
    NONE(1);

    private final int operations;

    Work(int operations) {
      this.operations = operations;
    }
  }

  @Override
  public Measurement measure(Duration time) throws InterruptedException {
    RedisEngine.Seen before = engine.seen();
    long cpu = cpuMicros();
    Wrk.Result result =
        wrk.run(url, script, List.of(path, Integer.toString(DataSet.KEYS), token), time);
    cpu = cpuMicros() - cpu;
    long operations = result.requests() * work.operations;
    if (work != Work.NONE) {
      // webdis sends what a closed connection had asked for to the next one: a few answers that are
      // not of this load, one a connection at most.
      long own = Math.max(0, result.requests() - Wrk.CONNECTIONS) * work.operations;
      engine.seen().confirm(before, work != Work.SET, own, label);
    }
    return new Measurement(
        result.perSecond() * work.operations,
        result.p50Millis(),
        result.p99Millis(),
        (double) cpu / operations);
  }

  private long cpuMicros() {
    return servers.stream().mapToLong(Running::cpuMicros).sum();
  }
}
