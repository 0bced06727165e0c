package dev.larder.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A server that was started.
 *
 * @param name what to call it in messages
 * @param process the process and, through it, its children
 */
public record Running(String name, ProcessHandle process) {
  /**
   * Of a clock tick, the unit of /proc: the kernel shows 100 a second to programs, whatever it
   * counts itself.
   */
  private static final long MICROS_PER_TICK = 10_000;

  /**
   * The CPU time that the process, with all its threads and its living children, has taken so far,
   * user and system, in microseconds.
   *
   * @throws BenchException if it is not running any more
   */
  public long cpuMicros() {
    return Stream.concat(Stream.of(process), process.descendants()).mapToLong(this::ticks).sum()
        * MICROS_PER_TICK;
  }

  private long ticks(ProcessHandle of) {
    try {
      return ticks(Files.readString(Path.of("/proc", Long.toString(of.pid()), "stat")));
    } catch (IOException e) {
      throw new BenchException(name + " is not running any more", e);
    }
  }

  /**
   * User and system ticks of a line of /proc/PID/stat; the program's name in it may hold spaces and
   * brackets.
   */
  static long ticks(String stat) {
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(afterName[11]) + Long.parseLong(afterName[12]);
  }
}
