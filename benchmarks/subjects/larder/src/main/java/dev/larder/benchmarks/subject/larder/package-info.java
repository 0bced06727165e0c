/** Our port as a subject. */
@NullMarked
package dev.larder.benchmarks.subject.larder;

import org.jspecify.annotations.NullMarked;
