package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One engine for a test class. Whatever a test does to it, the next one finds it as it was started:
 * empty, a primary, with the users and the CONFIG of its start (see {@link RedisProcess#reset()}).
 *
 * <pre>{@code
 * @RegisterExtension static final RealRedis redis = RealRedis.newest();
 * }</pre>
 */
public final class RealRedis
    implements BeforeAllCallback,
        BeforeClassTemplateInvocationCallback,
        BeforeEachCallback,
        AfterClassTemplateInvocationCallback,
        AfterAllCallback,
        ParameterResolver {
  private final Consumer<RedisProcess.Options> options;
  private @Nullable RedisProcess process;
  private String startedBy = "";

  private RealRedis(Consumer<RedisProcess.Options> options) {
    this.options = options;
  }

  /** On the newest engine of this machine. */
  public static RealRedis newest() {
    return with(it -> {});
  }

  /** On a chosen engine. */
  public static RealRedis on(EngineBinary binary) {
    return with(it -> it.binary(binary));
  }

  /** With a password, lines of redis.conf, and so on. */
  public static RealRedis with(Consumer<RedisProcess.Options> options) {
    return new RealRedis(options);
  }

  /** {@code redis://127.0.0.1:port}, with the password if there is one. */
  public String uri() {
    return process().uri();
  }

  /**
   * The engine itself, to be asked, killed or paused.
   *
   * @throws IllegalStateException outside of the tests of a class
   */
  public RedisProcess process() {
    if (process == null) {
      throw new IllegalStateException("the engine runs only during the tests of a class");
    }
    return process;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start(context);
  }

  @Override
  public void beforeClassTemplateInvocation(ExtensionContext context) {
    start(context);
  }

  private void start(ExtensionContext context) {
    // A nested class comes by while the outer one's engine runs.
    if (process == null) {
      process = RedisProcess.start(options);
      startedBy = context.getUniqueId();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    process().reset();
    if (process().command("ROLE").startsWith("slave")) {
      process().command("REPLICAOF", "NO", "ONE");
    }
    process().flush();
  }

  @Override
  public void afterClassTemplateInvocation(ExtensionContext context) {
    stop(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    stop(context);
  }

  private void stop(ExtensionContext context) {
    if (process != null && startedBy.equals(context.getUniqueId())) {
      process.close();
      process = null;
    }
  }

  /** Whether a test asks for it as a parameter. */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RealRedis.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return this;
  }
}
