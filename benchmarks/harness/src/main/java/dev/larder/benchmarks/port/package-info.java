/** {@code bin/bench port}: our port to Redis and bare Lettuce. */
@NullMarked
package dev.larder.benchmarks.port;

import org.jspecify.annotations.NullMarked;
