package dev.larder.benchmarks.process;

/**
 * The run cannot go on, or its figures would not be worth anything; the message is for the person
 * who ran it.
 */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what went wrong and, where it is known, what to do about it. */
  public BenchException(String message) {
    super(message);
  }

  /** Says what went wrong, with what lies behind it. */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
