/**
 * Side-by-side runs of Larder and its peers. {@link dev.larder.benchmarks.Bench} is one of them,
 * with a class each; {@link dev.larder.benchmarks.Main} runs one by name. What they share: {@link
 * dev.larder.benchmarks.Processes} starts and ends what is measured, {@link
 * dev.larder.benchmarks.Wrk} loads it, {@link dev.larder.benchmarks.Rounds} interleaves the
 * subjects, {@link dev.larder.benchmarks.Ratio} says how they compare. Only the JDK is needed here:
 * a library of our own would cost the subjects CPU.
 */
@NullMarked
package dev.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
