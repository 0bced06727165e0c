package dev.larder.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** What Redis answers, in the shapes of RESP2. */
public sealed interface Reply {

  /** A short answer such as {@code OK}. */
  record Status(String text) implements Reply {}

  /**
   * A string of bytes. Equal to another one of the same bytes. The array is not copied: do not
   * change it.
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Bulk(byte[] bytes) implements Reply {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bulk bulk && Arrays.equals(bytes, bulk.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    /** The length only: a value may be secret, and may be long. */
    @Override
    public String toString() {
      return "Bulk[" + bytes.length + " bytes]";
    }
  }

  /** A whole number. */
  record Int(long value) implements Reply {}

  /** No value: a missing key, or an aborted transaction. */
  record Nil() implements Reply {}

  /** Several replies, which may be arrays themselves, and may be failures. */
  record Array(List<Reply> elements) implements Reply {
    /** Keeps a copy that cannot change. */
    public Array {
      elements = List.copyOf(elements);
    }
  }

  /** An error that Redis answered: {@code WRONGTYPE Operation against a key…}. */
  record Failure(String message) implements Reply {
    /**
     * The first word of the message, such as {@code WRONGTYPE}, {@code NOSCRIPT} or {@code ERR}.
     */
    public String code() {
      int end = message.indexOf(' ');
      return end < 0 ? message : message.substring(0, end);
    }

    /** What it means to the caller. */
    public FailureKind kind() {
      return FailureKind.of(this);
    }
  }

  /**
   * The text of a status, or of a bulk as UTF-8.
   *
   * @throws UnexpectedReplyException if this is anything else
   */
  default String text() {
    if (this instanceof Status status) {
      return status.text();
    }
    if (this instanceof Bulk bulk) {
      return new String(bulk.bytes(), UTF_8);
    }
    throw unexpected("text");
  }

  /**
   * The value of an integer reply.
   *
   * @throws UnexpectedReplyException if this is anything else
   */
  default long number() {
    if (this instanceof Int number) {
      return number.value();
    }
    throw unexpected("a number");
  }

  /**
   * The elements of an array.
   *
   * @throws UnexpectedReplyException if this is anything else
   */
  default List<Reply> array() {
    if (this instanceof Array array) {
      return array.elements();
    }
    throw unexpected("an array");
  }

  private UnexpectedReplyException unexpected(String expected) {
    return new UnexpectedReplyException("expected " + expected + " from Redis, was " + this);
  }
}
