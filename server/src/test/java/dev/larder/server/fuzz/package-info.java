/** A running node between callers, or an engine, that say anything: nobody else is to notice. */
@NullMarked
package dev.larder.server.fuzz;

import org.jspecify.annotations.NullMarked;
