package dev.larder.benchmarks;

import java.io.PrintStream;
import java.util.List;

/** One side-by-side run, by the name that {@code bin/bench} takes. */
public interface Bench {
  /** What {@code bin/bench} is given to run this. */
  String name();

  /** The programs that must be installed before anything is started. */
  List<Tool> tools();

  /**
   * Starts ours and the peers, measures them in turn (showing each round), and returns how they
   * compare, in the order to be shown. What it starts belongs to {@code processes}, which ends it.
   *
   * @throws BenchException if a subject does not start, answers wrongly or fails while it is
   *     measured
   */
  List<Ratio> run(Processes processes, Pace pace, PrintStream out) throws InterruptedException;
}
