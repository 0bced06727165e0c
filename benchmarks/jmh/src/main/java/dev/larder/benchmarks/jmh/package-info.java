/** What costs nanoseconds, measured within one JVM; {@code bin/bench jmh} runs it. */
@NullMarked
package dev.larder.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
