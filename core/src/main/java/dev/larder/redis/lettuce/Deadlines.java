package dev.larder.redis.lettuce;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * By when calls must be over: a hashed timing wheel (Varghese and Lauck, 1987), in which a call
 * takes and leaves its place in constant time, and which is looked at only when something in it may
 * be due. For one thread.
 */
final class Deadlines {
  /** How closely deadlines are kept, by the wheel. */
  private static final long TICK = Duration.ofMillis(1).toNanos();

  private static final int PLACES = 1024;

  /** Something with a deadline. */
  abstract static class Entry {
    private final long deadline;
    private @Nullable Deadlines in;
    private int place;
    private @Nullable Entry previous;
    private @Nullable Entry next;

    /**
     * @param deadline by {@link System#nanoTime()}
     */
    Entry(long deadline) {
      this.deadline = deadline;
    }

    /** It was not removed in time; it is now. */
    abstract void expired();

    /** Removes it from where it was added; does nothing if it is there no more. */
    final void leave() {
      if (in != null) {
        in.remove(this);
      }
    }
  }

  private final @Nullable Entry[] wheel = new @Nullable Entry[PLACES];
  private final long origin;

  /** Everything up to here was looked at, in ticks since the origin. */
  private long swept;

  private int size;

  Deadlines(long now) {
    this.origin = now;
  }

  /**
   * Takes an entry that is nowhere yet, also one whose deadline has passed.
   *
   * @return when it is due, by {@link System#nanoTime()}
   */
  long add(Entry entry) {
    long tick = Math.max(swept + 1, Math.floorDiv(entry.deadline - origin - 1, TICK) + 1);
    int place = (int) (tick % PLACES);
    Entry first = wheel[place];
    entry.in = this;
    entry.place = place;
    entry.next = first;
    if (first != null) {
      first.previous = entry;
    }
    wheel[place] = entry;
    size++;
    return origin + tick * TICK;
  }

  private void remove(Entry entry) {
    if (entry.previous == null) {
      wheel[entry.place] = entry.next;
    } else {
      entry.previous.next = entry.next;
    }
    if (entry.next != null) {
      entry.next.previous = entry.previous;
    }
    entry.in = null;
    entry.previous = null;
    entry.next = null;
    size--;
  }

  /** Removes what is due, and tells it so. */
  void sweep(long now) {
    long due = (now - origin) / TICK;
    for (long tick = Math.max(swept + 1, due - PLACES + 1); tick <= due; tick++) {
      swept = tick;
      Entry entry = wheel[(int) (tick % PLACES)];
      while (entry != null) {
        Entry next = entry.next;
        if (entry.deadline - now <= 0) {
          remove(entry);
          entry.expired();
        }
        entry = next;
      }
    }
  }

  /** When {@link #sweep} may next find something; {@link Long#MAX_VALUE} where nothing is left. */
  long next() {
    if (size > 0) {
      for (int ahead = 1; ahead <= PLACES; ahead++) {
        if (wheel[(int) ((swept + ahead) % PLACES)] != null) {
          return origin + (swept + ahead) * TICK;
        }
      }
    }
    return Long.MAX_VALUE;
  }
}
