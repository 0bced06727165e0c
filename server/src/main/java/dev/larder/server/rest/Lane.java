package dev.larder.server.rest;

import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.stream.Subscriptions;

/** What one user's requests go through on one event loop. */
final class Lane {
  private final Link link;
  private final Subscriptions subscriptions;
  private int streams;

  /**
   * A lane that nobody uses yet.
   *
   * @param link for commands
   * @param subscriptions for streams of messages
   */
  Lane(Link link, Subscriptions subscriptions) {
    this.link = link;
    this.subscriptions = subscriptions;
  }

  Link link() {
    return link;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  /** A stream needs it from now on. */
  void streamBegan() {
    streams++;
  }

  /** A stream that needed it is over. */
  void streamEnded() {
    streams--;
  }

  /** Whether nobody would miss it. */
  boolean idle() {
    return streams == 0 && link.idle();
  }
}
