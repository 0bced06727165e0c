/**
 * What stands between the door and an engine. A {@link dev.larder.server.rest.engine.Link} sends
 * {@linkplain dev.larder.server.rest.engine.EngineRequest requests} over one connection, bounds how
 * many wait and for how long, and says honestly what became of those that have no reply ({@link
 * dev.larder.server.rest.engine.EngineFaults}). What guards the connection itself is the library's:
 * {@link dev.larder.redis.lettuce.link.EngineConnection}.
 */
@NullMarked
package dev.larder.server.rest.engine;

import org.jspecify.annotations.NullMarked;
