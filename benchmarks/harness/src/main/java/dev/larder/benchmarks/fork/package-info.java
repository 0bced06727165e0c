/**
 * A subject in a JVM of its own, with its own class path and its load inside: {@link
 * dev.larder.benchmarks.fork.SubjectJvm} is the JVM, {@link
 * dev.larder.benchmarks.fork.ForkedSubject} one load on it. The other end of the conversation is
 * the module {@code benchmarks/driver}.
 */
@NullMarked
package dev.larder.benchmarks.fork;

import org.jspecify.annotations.NullMarked;
