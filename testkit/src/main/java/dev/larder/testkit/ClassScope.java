package dev.larder.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;

/** The test class that an extension was registered for; nested ones come by as well. */
final class ClassScope {
  private String begunBy = "";

  void begin(ExtensionContext context) {
    if (begunBy.isEmpty()) {
      begunBy = context.getUniqueId();
    }
  }

  boolean endsWith(ExtensionContext context) {
    return begunBy.equals(context.getUniqueId());
  }
}
