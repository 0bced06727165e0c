/**
 * Connections and ports on 127.0.0.1: {@link dev.larder.embedded.net.RespClient} asks an engine
 * something without a client library, and {@link dev.larder.embedded.net.PortReservation} keeps a
 * port for one owner.
 */
@NullMarked
package dev.larder.embedded.net;

import org.jspecify.annotations.NullMarked;
