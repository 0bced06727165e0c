package dev.larder.server.rest.request;

/** How the commands of a request belong together, which decides the form of its answer. */
public enum BatchKind {
  /** One command. */
  SINGLE,
  /** Commands of which each answers for itself. */
  PIPELINE,
  /** Commands that run with nothing in between, or not at all. */
  TRANSACTION
}
