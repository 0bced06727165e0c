/**
 * A network that a test can break: {@link dev.larder.testkit.relay.TcpRelay} stands between a
 * client and an engine, or a replica and its primary, and stalls, delays, cuts or corrupts what
 * they say.
 */
@NullMarked
package dev.larder.testkit.relay;

import org.jspecify.annotations.NullMarked;
