/**
 * Lettuce as a subject of {@code bin/bench port}: a program that the harness starts with the class
 * path that Maven resolves for this module alone, and that the driver puts under load. Its variants
 * are Lettuce as it comes, and with Netty's consolidation of flushes.
 */
@NullMarked
package dev.larder.benchmarks.subject.lettuce;

import org.jspecify.annotations.NullMarked;
