/**
 * HTTP/1 on the wire, below any door: where a request begins and ends, what its target is, and when
 * its connection is over. These are Netty's handlers, which stand around its codec.
 */
@org.jspecify.annotations.NullMarked
package dev.larder.server.http.framing;
