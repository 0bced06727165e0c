/** A running node while its engine dies, stands still, is cut off, or is kept busy by a script. */
@NullMarked
package dev.larder.server.failure;

import org.jspecify.annotations.NullMarked;
