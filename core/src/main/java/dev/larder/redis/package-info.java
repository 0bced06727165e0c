/**
 * The small port through which every strategy talks to Redis: a {@link dev.larder.redis.Call} goes
 * in, a {@link dev.larder.redis.Reply} comes out. An error that Redis answers is a value; only a
 * fault of the connection is an exception, and it says whether the call may have been executed.
 * Several calls have an {@link dev.larder.redis.Outcome} each. Which engine answers, and what it
 * can do, is told by {@link dev.larder.redis.engine.Engine}. Nothing here knows how bytes reach
 * Redis: that is the work of the adapters.
 */
@NullMarked
package dev.larder.redis;

import org.jspecify.annotations.NullMarked;
