/**
 * A real engine that this process starts, supervises and stops.
 *
 * <p>{@link dev.larder.embedded.EmbeddedRedis} is the whole story for most: it finds an engine
 * ({@link dev.larder.embedded.EngineBinary}), takes hold of a data directory, starts the engine on
 * loopback with a random password, starts it again should it die, and ends it at close. Underneath,
 * {@link dev.larder.embedded.EngineProcess} is one run of one engine.
 *
 * <p>Two promises shape the rest. An engine never outlives its JVM: it runs under a shell that
 * holds the other end of a pipe and ends it when the pipe does, and should that shell be killed
 * too, the next start finds the survivor by pid and start time. And data is never quietly lost: one
 * process holds a directory at a time, and an engine that could not read what another wrote is
 * refused.
 */
@NullMarked
package dev.larder.embedded;

import org.jspecify.annotations.NullMarked;
