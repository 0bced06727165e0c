/**
 * Where Larder begins for applications, and what all of its packages share: {@link
 * dev.larder.LarderException}, the root of what they throw. The way to a Redis or a Valkey is in
 * {@link dev.larder.redis}; the strategies, which stand on it, come beside that, and know nothing
 * of one another.
 */
@NullMarked
package dev.larder;

import org.jspecify.annotations.NullMarked;
