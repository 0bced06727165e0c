/**
 * Our port as a subject of {@code bin/bench port}: a program that the harness starts with the class
 * path that Maven resolves for this module alone, and that the driver puts under load. It does what
 * an application would, with nothing set.
 */
@NullMarked
package dev.larder.benchmarks.subject.larder;

import org.jspecify.annotations.NullMarked;
