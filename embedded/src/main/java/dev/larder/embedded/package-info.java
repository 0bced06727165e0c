/**
 * A real engine that this process starts, supervises and stops.
 *
 * <p>Most need only {@link dev.larder.embedded.EmbeddedRedis}: it finds an engine ({@link
 * dev.larder.embedded.EngineBinary}), locks a data directory, starts the engine on loopback with a
 * random password, starts it again if it dies, and ends it at close. Underneath, {@link
 * dev.larder.embedded.EngineProcess} is one run of one engine. What is no engine's business, but
 * the operating system's, is in {@code system}; ports and the connection to an engine are in {@code
 * net}.
 *
 * <p>Two promises shape the rest. An engine never outlives its JVM: it runs under a shell that
 * reads from a pipe and ends the engine when the pipe does; where that shell was killed too, the
 * next start finds the survivor by pid and start time. And data is never quietly lost: one process
 * holds a directory at a time, and an engine that could not read what another wrote is refused.
 */
@NullMarked
package dev.larder.embedded;

import org.jspecify.annotations.NullMarked;
