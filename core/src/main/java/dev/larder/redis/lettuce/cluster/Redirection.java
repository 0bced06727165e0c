package dev.larder.redis.lettuce.cluster;

import dev.larder.redis.FailureKind;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.uri.RedisUri.Node;

/**
 * Where a node of a Cluster sends a call on to: {@code MOVED 3999 127.0.0.1:6381}.
 *
 * @param moved whether the slot has moved, and not only this call is to be asked elsewhere
 * @param slot the slot as the node wrote it
 * @param place as the node wrote it; the host is empty where it does not know it
 */
public record Redirection(boolean moved, String slot, String place) {

  /** Of a MOVED or an ASK. */
  public static Redirection of(Failure failure) {
    String[] words = failure.message().split(" ", -1);
    return new Redirection(
        failure.kind() == FailureKind.MOVED,
        words.length > 1 ? words[1] : "",
        words[words.length - 1]);
  }

  /** Whether a node's table, read after it answered this about a slot, says the same. */
  public boolean agreesWith(SlotTable table, int slot, Node by) {
    Node to = table.redirected(place, by);
    return to != null
        && this.slot.equals(Integer.toString(slot))
        && !to.equals(by)
        && (to.equals(table.owner(slot)) || (!moved && to.equals(table.migrating(slot))));
  }
}
