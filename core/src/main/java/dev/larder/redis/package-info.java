/** The small port through which every strategy talks to Redis. */
@NullMarked
package dev.larder.redis;

import org.jspecify.annotations.NullMarked;
