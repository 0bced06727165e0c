package dev.larder.redis;

/**
 * Which engine of several.
 *
 * @param text on a Cluster the 40 hexadecimal digits by which its nodes know one another, which
 *     stay the same when the address changes; elsewhere the URI without its credentials
 */
public record NodeId(String text) {
  /** As it is. */
  @Override
  public String toString() {
    return text;
  }
}
