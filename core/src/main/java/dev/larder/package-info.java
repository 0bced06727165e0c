/** Larder's front door and what all of its packages share. */
@NullMarked
package dev.larder;

import org.jspecify.annotations.NullMarked;
