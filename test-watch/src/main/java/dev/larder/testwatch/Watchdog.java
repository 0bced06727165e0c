package dev.larder.testwatch;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.management.JMException;
import javax.management.ObjectName;

/** A daemon thread that says where tests stand still, and ends a JVM that does not end. */
final class Watchdog {
  private static final long QUIET_SECONDS = 30;
  private static final int TIMED_OUT = 124; // as timeout(1) has it

  private final RunningTests tests;
  private final PrintStream out;

  Watchdog(RunningTests tests, PrintStream out) {
    this.tests = tests;
    this.out = out;
  }

  /**
   * Begins to watch.
   *
   * @param life how old the JVM may become
   * @param exit how long its shutdown may take
   */
  void start(Duration life, Duration exit) {
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "test-watch");
              thread.setDaemon(true);
              return thread;
            });
    var unusedLines =
        clock.scheduleWithFixedDelay(this::tellQuiet, QUIET_SECONDS, QUIET_SECONDS, SECONDS);
    long age = ManagementFactory.getRuntimeMXBean().getUptime();
    var unusedEnd =
        clock.schedule(
            () -> end("it is " + life.toSeconds() + " s old"), life.toMillis() - age, MILLISECONDS);
    Runnable exiting = () -> end("it has not exited within " + exit.toSeconds() + " s");
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  var unusedExit = clock.schedule(exiting, exit.toMillis(), MILLISECONDS);
                }));
  }

  private void end(String reason) {
    try {
      tellAll(reason);
    } finally {
      // Not exit, which waits for shutdown hooks.
      Runtime.getRuntime().halt(TIMED_OUT);
    }
  }

  void tellQuiet() {
    if (tests.quiet().toSeconds() >= QUIET_SECONDS) {
      out.println("test-watch: still running " + tests);
    }
  }

  void tellAll(String reason) {
    out.printf(
        "test-watch: JVM %d is ended, as %s, running %s%n%s%n",
        ProcessHandle.current().pid(), reason, tests, stacks());
  }

  /** The JVM's own thread dump, as jstack prints it: with locks, and any deadlocks. */
  private static String stacks() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "threadPrint",
                  new Object[] {new String[] {"-l"}},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      return "no stacks: " + e;
    }
  }
}
