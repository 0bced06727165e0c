/**
 * Side by side: a {@link dev.larder.benchmarks.compare.Bench} has {@linkplain
 * dev.larder.benchmarks.compare.Subject subjects}; {@link dev.larder.benchmarks.compare.Rounds}
 * measures them again and again, in an {@link dev.larder.benchmarks.compare.Order} that is fair to
 * all; a {@link dev.larder.benchmarks.compare.Ratio} says how two of them compare, and its {@link
 * dev.larder.benchmarks.compare.Interval} how sure that is.
 */
@NullMarked
package dev.larder.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
