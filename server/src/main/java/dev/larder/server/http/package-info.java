/**
 * What every door of the node shares. {@link dev.larder.server.http.Routes} finds the {@link
 * dev.larder.server.http.Door} for a path; a {@link dev.larder.server.http.Call} is one request on
 * its way through it, answered, counted and logged once; a {@link dev.larder.server.http.Body} is
 * what it carries, an {@link dev.larder.server.http.EventStream} an answer that goes on, an {@link
 * dev.larder.server.http.HttpFault} one that says what was wrong. {@link
 * dev.larder.server.http.ConnectionWatches} ends the connections of callers who keep the node
 * waiting. Who may come in is in {@code auth}, how much memory they may take in {@code memory},
 * what is a request at all in {@code framing}.
 */
@NullMarked
package dev.larder.server.http;

import org.jspecify.annotations.NullMarked;
