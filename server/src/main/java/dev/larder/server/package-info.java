/**
 * The node from its command line to its doors. {@code Main} runs {@code larder serve}; {@code
 * ServeCommand} decides the {@code Settings} from flags, environment, {@code larder.yaml} and
 * defaults; {@code Node} starts an engine or connects to one, and a {@code Listener} for each event
 * loop, which wires the doors to their paths. Only this package sees all the others.
 */
@NullMarked
package dev.larder.server;

import org.jspecify.annotations.NullMarked;
