package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One engine for a test class, emptied before each test. */
public final class RealRedis implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  private RealRedis() {}

  /** On the newest engine of this machine. */
  public static RealRedis newest() {
    return new RealRedis();
  }

  /** On a chosen engine. */
  public static RealRedis on(EngineBinary binary) {
    return new RealRedis();
  }

  /** With a password, lines of redis.conf, and so on. */
  public static RealRedis with(Consumer<RedisProcess.Options> options) {
    return new RealRedis();
  }

  /** The engine's address. */
  public String uri() {
    return process().uri();
  }

  /** The engine itself, to be killed or paused. */
  public RedisProcess process() {
    return java.util.Optional.<RedisProcess>empty().orElseThrow(UnsupportedOperationException::new);
  }

  @Override
  public void beforeAll(ExtensionContext context) {}

  @Override
  public void beforeEach(ExtensionContext context) {}

  @Override
  public void afterAll(ExtensionContext context) {}
}
