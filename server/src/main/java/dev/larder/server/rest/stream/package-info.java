/**
 * Answers that do not end: messages of channels, and MONITOR, as server-sent events. They have
 * connections to the engine of their own.
 */
@NullMarked
package dev.larder.server.rest.stream;

import org.jspecify.annotations.NullMarked;
