/**
 * One guarded connection to one engine, for the port and for the node: {@link
 * dev.larder.redis.lettuce.link.EngineConnection}. Lettuce connects, logs in, finds primaries by
 * Sentinels, decodes, and comes back after an outage; what is written goes to the Netty channel
 * that it made, with one flush for each turn of the event loop. In front of Lettuce's decoder stand
 * the guards, which close a connection at the first fault: to go on after one would give every
 * later call the reply of the one before it. A {@link dev.larder.redis.lettuce.link.WireCommand} is
 * sent at most once, whatever happens.
 *
 * <p>Public for the node; applications use the port.
 */
@NullMarked
package dev.larder.redis.lettuce.link;

import org.jspecify.annotations.NullMarked;
