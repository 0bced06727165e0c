/**
 * {@code bin/bench port}: our port to Redis against bare Lettuce, as it comes and with its flushes
 * consolidated. Each is a JVM of its own ({@code benchmarks/subjects}) under the same load ({@code
 * benchmarks/driver}): closed loops for the ratios, an open one to show that calls which share a
 * flush do not wait for one another.
 */
@NullMarked
package dev.larder.benchmarks.port;

import org.jspecify.annotations.NullMarked;
