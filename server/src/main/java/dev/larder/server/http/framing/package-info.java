/**
 * Where one request ends and the next begins (RFC 9112). {@link
 * dev.larder.server.http.framing.RequestFraming} looks at the bytes before the HTTP codec does,
 * which repairs or overlooks what two parties could read in two ways: what one of them takes for a
 * body, the other would run as a request. Behind the codec {@link
 * dev.larder.server.http.framing.OriginForm} gives targets one form, and {@link
 * dev.larder.server.http.framing.HalfClosure} ends connections whose callers have said all.
 */
@NullMarked
package dev.larder.server.http.framing;

import org.jspecify.annotations.NullMarked;
