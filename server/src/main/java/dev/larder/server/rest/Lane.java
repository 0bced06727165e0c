package dev.larder.server.rest;

import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.stream.Subscriptions;

/**
 * What one user's requests go through on one event loop.
 *
 * @param link for commands
 * @param subscriptions for streams of messages
 */
record Lane(Link link, Subscriptions subscriptions) {}
