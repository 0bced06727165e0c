/** A real engine that this process starts, supervises and stops. */
@NullMarked
package dev.larder.embedded;

import org.jspecify.annotations.NullMarked;
