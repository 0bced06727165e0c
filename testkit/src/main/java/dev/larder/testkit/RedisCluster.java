package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code start() | start(it -> it.replicas().binary(b).config(line)) | uri() | nodes() |
 * primaries() | replicas() | nodeOf(slot) | nodeOf(key) | slotOf(key) | moveSlots(from, to, count)
 * | beginMove(slot, to) | failOver(node) | heal() | flush() | close()}.
 */
public final class RedisCluster extends RedisTopology {

  /** How to start. */
  public static final class Options {
    private Options() {}

    /** The engine to run; the newest if not told. */
    public Options binary(EngineBinary binary) {
      return NotYet.notYet();
    }

    /** A replica for each of the three primaries. */
    public Options replicas() {
      return NotYet.notYet();
    }

    /** One more line of every node's redis.conf. */
    public Options config(String line) {
      return NotYet.notYet();
    }
  }

  /** Three primaries of the newest engine. */
  public static RedisCluster start() {
    return start(it -> {});
  }

  /** Returns when every node knows every other and finds the cluster whole. */
  public static RedisCluster start(Consumer<Options> options) {
    return NotYet.notYet();
  }

  /** {@code redis-cluster://127.0.0.1:p1,127.0.0.1:p2,…}, naming every node. */
  @Override
  public String uri() {
    return NotYet.notYet();
  }

  /** Every node, dead ones included. */
  public List<RedisProcess> nodes() {
    return NotYet.notYet();
  }

  /** The nodes that serve slots now. */
  public List<RedisProcess> primaries() {
    return NotYet.notYet();
  }

  /** The nodes that replicate another now. */
  public List<RedisProcess> replicas() {
    return NotYet.notYet();
  }

  /** The primary that serves a slot. */
  public RedisProcess nodeOf(int slot) {
    return NotYet.notYet();
  }

  /** The primary that serves a key. */
  public RedisProcess nodeOf(String key) {
    return NotYet.notYet();
  }

  /** The slot of a key, hash tag considered: 0 to 16383. */
  public static int slotOf(String key) {
    return NotYet.notYet();
  }

  /** Moves slots with their keys while clients go on: they meet ASK, then MOVED. */
  public void moveSlots(RedisProcess from, RedisProcess to, int count) {
    NotYet.notYet();
  }

  /** Begins to move one slot, for a test that looks at what happens in between. */
  public SlotMove beginMove(int slot, RedisProcess to) {
    return NotYet.notYet();
  }

  /** Kills a primary (SIGKILL), waits until its replica has its slots, and returns that one. */
  public RedisProcess failOver(RedisProcess primary) {
    return NotYet.notYet();
  }

  @Override
  public List<RedisProcess> processes() {
    return nodes();
  }

  @Override
  public void heal() {
    NotYet.notYet();
  }

  @Override
  public void flush() {
    NotYet.notYet();
  }
}
