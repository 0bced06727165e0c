package dev.larder.server.http.auth;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often passwords of the engine's users may be tried with this node: wrong ones count, for each
 * user's name and for all together. After {@value #OF_ONE} wrong ones in a row a name has one more
 * a minute, all together have {@value #OF_ALL} and then one more in six seconds. One that is being
 * tried counts as wrong until it is known to be right, so that many at once gain nothing.
 */
public final class GuessLimit {
  private static final int OF_ONE = 5;
  private static final int OF_ALL = 50;
  private static final long ONE_AGAIN = Duration.ofMinutes(1).toNanos();
  private static final long ALL_AGAIN = Duration.ofSeconds(6).toNanos();

  private final LongSupplier nanoTime;
  private final Map<String, Bucket> ofNames = new HashMap<>();
  private final Bucket ofAll;

  /**
   * With no guess made yet.
   *
   * @param nanoTime a clock that only goes forward, such as {@link System#nanoTime}
   */
  public GuessLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.ofAll = new Bucket(OF_ALL, ALL_AGAIN, nanoTime.getAsLong());
  }

  /** Takes a permit to try a password of this user; if there is none, says when there will be. */
  public synchronized Optional<Duration> tryAcquire(String name) {
    long now = nanoTime.getAsLong();
    // The full ones are as good as none; of others there are few, since all together are limited.
    ofNames.values().removeIf(bucket -> bucket.full(now));
    Bucket ofName = ofNames.computeIfAbsent(name, it -> new Bucket(OF_ONE, ONE_AGAIN, now));
    long wait = Math.max(ofName.retryAfter(now), ofAll.retryAfter(now));
    if (wait > 0) {
      return Optional.of(Duration.ofNanos(wait));
    }
    ofName.take(now);
    ofAll.take(now);
    return Optional.empty();
  }

  /** Gives a permit back: the password was right, or could not be tried. */
  public synchronized void giveBack(String name) {
    Bucket ofName = ofNames.get(name);
    if (ofName != null) {
      ofName.giveBack();
    }
    ofAll.giveBack();
  }

  /** How many names it remembers. */
  synchronized int names() {
    return ofNames.size();
  }

  /** Permits that come back one by one, kept as the time until all of them are there again. */
  private static final class Bucket {
    private final int permits;
    private final long again;
    private long missing;
    private long since;

    Bucket(int permits, long again, long now) {
      this.permits = permits;
      this.again = again;
      this.since = now;
    }

    /** How long until all permits are there. */
    private long missing(long now) {
      return Math.max(0, missing - (now - since));
    }

    boolean full(long now) {
      return missing(now) == 0;
    }

    long retryAfter(long now) {
      return Math.max(0, missing(now) - (permits - 1) * again);
    }

    void take(long now) {
      missing = missing(now) + again;
      since = now;
    }

    void giveBack() {
      missing -= again;
    }
  }
}
