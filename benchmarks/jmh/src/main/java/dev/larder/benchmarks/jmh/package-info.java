/**
 * What costs nanoseconds, measured within one JVM; {@code bin/bench jmh} runs it. Each class
 * compares one step of a call's way through the port with Lettuce's own doing of the same, and
 * first checks that both do the same. Whole calls are compared by {@code bin/bench port}.
 */
@NullMarked
package dev.larder.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
