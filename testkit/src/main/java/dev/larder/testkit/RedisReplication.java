package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code start() | start(it -> it.replicas(2).binary(b).config(line)) | uri() | primary() |
 * replicas() | promote(int) | awaitSync() | heal() | flush() | close()}.
 */
public final class RedisReplication extends RedisTopology {

  /** How to start. */
  public static final class Options {
    private Options() {}

    /** The engine to run; the newest if not told. */
    public Options binary(EngineBinary binary) {
      return NotYet.notYet();
    }

    /** How many replicas; one if not told. */
    public Options replicas(int replicas) {
      return NotYet.notYet();
    }

    /** One more line of every engine's redis.conf. */
    public Options config(String line) {
      return NotYet.notYet();
    }
  }

  /** One primary and one replica of the newest engine. */
  public static RedisReplication start() {
    return start(it -> {});
  }

  /** Returns when every replica is in sync. */
  public static RedisReplication start(Consumer<Options> options) {
    return NotYet.notYet();
  }

  /** {@code redis://127.0.0.1:port} of the primary. */
  @Override
  public String uri() {
    return NotYet.notYet();
  }

  /** The one that takes writes. */
  public RedisProcess primary() {
    return NotYet.notYet();
  }

  /** The others. */
  public List<RedisProcess> replicas() {
    return NotYet.notYet();
  }

  /** Makes a replica the primary, and the others, the old primary included, its replicas. */
  public RedisProcess promote(int replica) {
    return NotYet.notYet();
  }

  /** Waits until every replica has what the primary has now. */
  public void awaitSync() {
    NotYet.notYet();
  }

  @Override
  public List<RedisProcess> processes() {
    return NotYet.notYet();
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
