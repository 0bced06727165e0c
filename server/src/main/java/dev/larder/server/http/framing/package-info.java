/**
 * Where one request ends and the next begins (RFC 9112). {@link
 * dev.larder.server.http.framing.RequestFraming} looks at the bytes before the HTTP codec does,
 * which repairs or overlooks what two parties could read in two ways: what one of them takes for a
 * body, the other would run as a request. It also knows when a connection's last answer is out.
 * Behind the codec {@link dev.larder.server.http.framing.OriginForm} gives targets one form.
 */
@NullMarked
package dev.larder.server.http.framing;

import org.jspecify.annotations.NullMarked;
