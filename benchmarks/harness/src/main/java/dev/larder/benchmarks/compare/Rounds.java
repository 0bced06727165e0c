package dev.larder.benchmarks.compare;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

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
   * Warms every subject up, then measures all of them in each round, each time in another order,
   * and prints a table of each round and of the medians.
   *
   * @throws dev.larder.benchmarks.process.BenchException if a subject fails
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
      for (Subject subject : Order.of(subjects, round)) {
        rounds.of(subject).add(subject.measure(pace.measure()));
      }
      head(out, "round " + (round + 1) + " of " + pace.rounds());
      for (Subject subject : subjects) {
        row(out, subject, rounds.of(subject).subList(round, round + 1));
      }
    }
    head(out, "medians");
    for (Subject subject : subjects) {
      row(out, subject, rounds.of(subject));
    }
    return rounds;
  }

  private static void head(PrintStream out, String title) {
    out.printf(
        Locale.ROOT,
        "%n%-30s %12s %9s %9s %12s%n",
        title,
        "ops/s",
        "p50 ms",
        "p99 ms",
        "CPU us/op");
  }

  /** Each column by itself: the median of what was measured. */
  private static void row(PrintStream out, Subject subject, List<Measurement> of) {
    out.printf(
        Locale.ROOT,
        "%-30s %12.0f %9.3f %9.3f %12.2f%n",
        subject.label(),
        median(of, Measurement::perSecond),
        median(of, Measurement::p50Millis),
        median(of, Measurement::p99Millis),
        median(of, Measurement::cpuMicros));
  }

  private static double median(List<Measurement> of, ToDoubleFunction<Measurement> figure) {
    return Ratio.median(of.stream().map(figure::applyAsDouble).toList());
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
}
