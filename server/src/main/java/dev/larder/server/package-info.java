/** The node: command line, configuration and wiring. */
@NullMarked
package dev.larder.server;

import org.jspecify.annotations.NullMarked;
