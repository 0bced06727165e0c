package dev.larder.testkit;

/** Stands in for the bodies that the next commits bring, so that others can compile against us. */
final class NotYet {
  private NotYet() {}

  @SuppressWarnings({"DoNotCallSuggester", "TypeParameterUnusedInFormals"})
  static <T> T notYet() {
    throw new UnsupportedOperationException("not yet");
  }
}
