package dev.larder.redis;

/** What can be sent to Redis: a {@link Command}, or a {@link ScriptCall}. */
public sealed interface Call permits Command, ScriptCall {
  /** What messages to people call it; never its content, which may be secret. */
  String name();

  /** Whether it has a key, by which a Cluster is routed. */
  boolean hasKey();
}
