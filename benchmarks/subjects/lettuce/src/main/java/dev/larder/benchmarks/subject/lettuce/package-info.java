/** Lettuce as a subject. */
@NullMarked
package dev.larder.benchmarks.subject.lettuce;

import org.jspecify.annotations.NullMarked;
