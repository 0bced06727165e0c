package dev.larder.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What all subjects did, round by round, so that a machine that gets slower or busier does so to
 * all of them.
 */
public final class Rounds {
  private final Map<Subject, List<Measurement>> measured;

  private Rounds(Map<Subject, List<Measurement>> measured) {
    this.measured = measured;
  }

  /**
   * Warms every subject up, then measures all of them in each round and prints a table of it.
   *
   * @throws BenchException if a subject fails
   */
  public static Rounds run(List<Subject> subjects, Pace pace, PrintStream out)
      throws InterruptedException {
    Map<Subject, List<Measurement>> measured = new HashMap<>();
    for (Subject subject : subjects) {
      out.println("warming up: " + subject.label());
      warmUp(subject, pace.warmUp());
      measured.put(subject, new ArrayList<>());
    }
    Rounds rounds = new Rounds(measured);
    for (int round = 0; round < pace.rounds(); round++) {
      for (Subject subject : order(subjects, round)) {
        rounds.of(subject).add(subject.measure(pace.measure()));
      }
      out.printf(
          Locale.ROOT,
          "%nround %d of %d%n%-24s %12s %9s %12s%n",
          round + 1,
          pace.rounds(),
          "",
          "ops/s",
          "p99 ms",
          "CPU us/op");
      for (Subject subject : subjects) {
        Measurement it = rounds.of(subject).get(round);
        out.printf(
            Locale.ROOT,
            "%-24s %12.0f %9.2f %12.2f%n",
            subject.label(),
            it.perSecond(),
            it.p99Millis(),
            it.cpuMicros());
      }
    }
    return rounds;
  }

  /** What the subject did in each round, the first round first. */
  public List<Measurement> of(Subject subject) {
    List<Measurement> of = measured.get(subject);
    if (of == null) {
      throw new IllegalArgumentException("not measured: " + subject.label());
    }
    return of;
  }

  private static void warmUp(Subject subject, Duration time) throws InterruptedException {
    // A load that counts requests instead of seconds may have been done sooner than asked.
    long until = System.nanoTime() + time.toNanos();
    do {
      subject.measure(time);
    } while (System.nanoTime() < until);
  }

  /**
   * Another subject begins in each round, and every second round goes backwards: nobody always runs
   * behind the same one.
   */
  static <T> List<T> order(List<T> subjects, int round) {
    List<T> order = new ArrayList<>(subjects);
    Collections.rotate(order, -round);
    if (round % 2 == 1) {
      Collections.reverse(order);
    }
    return order;
  }
}
