/** What a running node makes of the bytes that callers send it, before any of it is a command. */
@NullMarked
package dev.larder.server.wire;

import org.jspecify.annotations.NullMarked;
