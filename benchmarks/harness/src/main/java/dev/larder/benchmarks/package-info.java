/**
 * Side-by-side runs of Larder and its peers. {@link dev.larder.benchmarks.Main} runs a bench by its
 * name; {@code rest} and {@code port} are the benches, a package each; {@code compare} measures in
 * turn and says how the subjects compare, {@code process} starts and ends what is measured, {@code
 * fork} gives a subject a JVM of its own. Only the JDK is needed here: a library of our own would
 * cost the subjects CPU.
 */
@NullMarked
package dev.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
