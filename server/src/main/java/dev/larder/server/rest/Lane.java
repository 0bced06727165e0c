package dev.larder.server.rest;

/**
 * What one user's requests go through on one event loop.
 *
 * @param link for commands
 * @param subscriptions for streams of messages
 */
record Lane(Link link, Subscriptions subscriptions) {}
