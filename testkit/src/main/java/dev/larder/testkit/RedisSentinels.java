package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code start() | start(it -> it.replicas(2).binary(b).name(n).config(line)) | uri() | primary() |
 * replicas() | sentinels() | failOver() | heal() | flush() | close()}.
 */
public final class RedisSentinels extends RedisTopology {

  /** How to start. */
  public static final class Options {
    private Options() {}

    /** The engine to run; the newest if not told. */
    public Options binary(EngineBinary binary) {
      return NotYet.notYet();
    }

    /** How many replicas; two if not told. */
    public Options replicas(int replicas) {
      return NotYet.notYet();
    }

    /** What the Sentinels call it; {@code larder} if not told. */
    public Options name(String name) {
      return NotYet.notYet();
    }

    /** One more line of redis.conf of every engine that is not a Sentinel. */
    public Options config(String line) {
      return NotYet.notYet();
    }
  }

  /** One primary, two replicas, three Sentinels. */
  public static RedisSentinels start() {
    return start(it -> {});
  }

  /** Returns when every Sentinel knows of everybody. */
  public static RedisSentinels start(Consumer<Options> options) {
    return NotYet.notYet();
  }

  /** {@code redis-sentinel://127.0.0.1:p1,127.0.0.1:p2,127.0.0.1:p3/0#name}. */
  @Override
  public String uri() {
    return NotYet.notYet();
  }

  /** Whoever the Sentinels say it is now. */
  public RedisProcess primary() {
    return NotYet.notYet();
  }

  /** The engines that are not the primary now, dead ones included. */
  public List<RedisProcess> replicas() {
    return NotYet.notYet();
  }

  /** The Sentinels. */
  public List<RedisProcess> sentinels() {
    return NotYet.notYet();
  }

  /** Kills the primary (SIGKILL) and waits until another is elected, which is returned. */
  public RedisProcess failOver() {
    return NotYet.notYet();
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
