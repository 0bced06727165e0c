package dev.larder.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Several engines that work together: {@link RedisReplication}, {@link RedisSentinels} and {@link
 * RedisCluster}. Either in a try-with-resources, or for a test class, which finds it whole and
 * empty before each test, whatever the one before did to it:
 *
 * <pre>{@code
 * @RegisterExtension static final RedisCluster cluster = RedisCluster.start();
 * }</pre>
 */
public abstract sealed class RedisTopology
    implements AutoCloseable, BeforeAllCallback, BeforeEachCallback, AfterAllCallback
    permits RedisReplication, RedisSentinels, RedisCluster {
  private String startedBy = "";

  RedisTopology() {}

  /** What a client is given; it stays right whatever becomes of the engines. */
  public abstract String uri();

  /** Every process, dead ones included. */
  public abstract List<RedisProcess> processes();

  /** Brings back what was killed or paused, and waits until all work together again. */
  public abstract void heal();

  /** Deletes all data and scripts. */
  public abstract void flush();

  @Override
  public void beforeAll(ExtensionContext context) {
    // A nested class comes by too; only the outer one closes.
    if (startedBy.isEmpty()) {
      startedBy = context.getUniqueId();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    heal();
    flush();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (startedBy.equals(context.getUniqueId())) {
      close();
    }
  }

  /** Ends every process and deletes what it wrote; does nothing the second time. */
  @Override
  public void close() {
    processes().forEach(RedisProcess::close);
  }
}
