package dev.larder.benchmarks.compare;

import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.Tool;
import java.io.PrintStream;
import java.util.List;

/** One side-by-side run, by the name that {@code bin/bench} takes. */
public interface Bench {
  /** What {@code bin/bench} is given to run this. */
  String name();

  /** The programs that must be installed before anything is started. */
  List<Tool> tools();

  /** How long it takes when its figures are to count; at most 8 minutes in all, on 2 cores. */
  Pace pace();

  /**
   * Starts ours and the peers, measures them in turn (showing each round), and returns how they
   * compare, in the order to be shown. What it starts belongs to {@code processes}, which ends it.
   *
   * @param data the keys that are read
   * @throws dev.larder.benchmarks.process.BenchException if a subject does not start, answers
   *     wrongly or fails while it is measured
   */
  List<Ratio> run(Processes processes, Pace pace, DataSet data, PrintStream out)
      throws InterruptedException;
}
