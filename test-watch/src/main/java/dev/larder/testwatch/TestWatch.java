package dev.larder.testwatch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Writes a line for each test class and method that starts or ends, and ends a JVM whose tests do
 * not end.
 *
 * <p>By system properties, which the parent POM sets. {@code larder.tests.log} is the file to write
 * to, begun anew by each JVM. {@code larder.tests.limit} and {@code larder.tests.exit.limit} are
 * Surefire's limits in seconds, for this JVM's life and for its shutdown: when nine tenths of the
 * one or half of the other are gone, the JVM says what runs and ends. Without them, as in an IDE,
 * nothing is done.
 *
 * <p>Gives Awaitility's waits a minute in any case.
 */
public final class TestWatch implements TestExecutionListener {
  // One for the JVM: Surefire may run a launcher, and so a listener, for each class.
  private static final RunningTests RUNNING = new RunningTests(System::nanoTime);
  private static final PrintStream LOG = open(System.getProperty("larder.tests.log"));

  static {
    // A wait that succeeds costs nothing, and the ten seconds of Awaitility are few on a busy
    // machine.
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    if (System.getProperty("larder.tests.limit") != null) {
      // Not System.err: Surefire keeps that until the class has ended.
      var err =
          new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
      new Watchdog(RUNNING, err)
          .start(tenths(9, "larder.tests.limit"), tenths(5, "larder.tests.exit.limit"));
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (test.getParentId().isEmpty()) {
      return; // an engine, not a test
    }
    String name = name(test);
    RUNNING.start(test.getUniqueId(), name);
    log("started " + name);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.getParentId().isEmpty()) {
      return;
    }
    Duration took = RUNNING.end(test.getUniqueId());
    log("ended " + name(test) + " " + result.getStatus() + " after " + took.toMillis() + " ms");
  }

  private static Duration tenths(int tenths, String property) {
    return Duration.ofMillis(Long.getLong(property) * 100 * tenths);
  }

  private static void log(String line) {
    LOG.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
  }

  private static String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    if (source instanceof ClassSource type) {
      return type.getClassName();
    }
    if (source instanceof MethodSource method) {
      String call = method.getClassName() + "." + method.getMethodName();
      // An invocation of a template says which.
      String which = test.getDisplayName();
      return which.startsWith(method.getMethodName()) ? call + "()" : call + " " + which;
    }
    return test.getDisplayName();
  }

  private static PrintStream open(@Nullable String file) {
    if (file == null) {
      return new PrintStream(OutputStream.nullOutputStream());
    }
    try {
      Path log = Path.of(file);
      Files.createDirectories(log.toAbsolutePath().getParent());
      return new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
