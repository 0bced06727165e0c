package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a test class on each of {@link Engines#each()}, one after the other. Tests, and methods run
 * before or after each, take the engine as a parameter:
 *
 * <pre>{@code
 * @OnEachEngine
 * class SessionsTest {
 *   @Test
 *   void aSessionEnds(RealRedis redis) {…}
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(OnEachEngine.Invocations.class)
public @interface OnEachEngine {

  /** Gives each run of the class its engine. */
  final class Invocations implements ClassTemplateInvocationContextProvider {

    /** For JUnit. */
    public Invocations() {}

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
        ExtensionContext context) {
      return Engines.each().stream().map(Invocations::on);
    }

    private static ClassTemplateInvocationContext on(EngineBinary binary) {
      return new ClassTemplateInvocationContext() {
        @Override
        public String getDisplayName(int invocationIndex) {
          return "on " + binary;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
          return List.of(RealRedis.on(binary));
        }
      };
    }
  }
}
