package dev.larder.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the tests of a class share: made ready before each test, and closed after the class's last
 * one. The tests of nested classes count among those of the class.
 */
public abstract class ClassResource
    implements AutoCloseable, BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  private String begunBy = "";

  /** For subclasses. */
  protected ClassResource() {}

  /** Makes it ready for the next test, whatever the last one did to it. */
  protected abstract void makeReady();

  /** Ends it for good; does nothing the second time. */
  @Override
  public abstract void close();

  @Override
  public final void beforeAll(ExtensionContext context) {
    if (begunBy.isEmpty()) {
      begunBy = context.getUniqueId();
    }
  }

  @Override
  public final void beforeEach(ExtensionContext context) {
    makeReady();
  }

  @Override
  public final void afterAll(ExtensionContext context) {
    if (begunBy.equals(context.getUniqueId())) {
      close();
    }
  }
}
