/**
 * What the operating system does for the engine: processes that end with this JVM or are found by
 * the next one, and directories that one process holds at a time. Nothing here knows what an engine
 * is.
 */
@NullMarked
package dev.larder.embedded.system;

import org.jspecify.annotations.NullMarked;
