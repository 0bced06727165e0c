package dev.larder.benchmarks.fork;

import dev.larder.benchmarks.compare.Measurement;
import dev.larder.benchmarks.compare.Subject;
import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.driver.Load;
import dev.larder.benchmarks.driver.Result;
import dev.larder.benchmarks.process.RedisEngine;
import java.time.Duration;

/**
 * One load on a subject in a JVM of its own. CPU time is the JVM's, with the load in it, and the
 * engine's.
 *
 * @param label what to call it
 * @param jvm where it runs
 * @param data which keys are read
 * @param load how calls are made
 * @param engine who confirms that they were
 */
public record ForkedSubject(
    String label, SubjectJvm jvm, DataSet data, Load load, RedisEngine engine) implements Subject {
  @Override
  public Measurement measure(Duration time) throws InterruptedException {
    RedisEngine.Seen before = engine.seen();
    long cpu = cpuMicros();
    Result result = jvm.measure(data, load, time);
    cpu = cpuMicros() - cpu;
    engine.seen().confirm(before, true, result.answered(), label);
    return new Measurement(
        result.perSecond(),
        result.p50Nanos() / 1e6,
        result.p99Nanos() / 1e6,
        (double) cpu / result.answered());
  }

  private long cpuMicros() {
    return jvm.running().cpuMicros() + engine.running().cpuMicros();
  }
}
