package dev.larder.server.http.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of one kind, such as answers, the whole node may hold at a time, whoever they are
 * for and on whichever event loop: so that many who take much cannot take more than there is.
 */
public final class ByteBudget {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * With nothing taken.
   *
   * @throws IllegalArgumentException if {@code most} is less than 1
   */
  public ByteBudget(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("a budget is at least 1 byte, was " + most);
    }
    this.most = most;
  }

  /** A share of one that has no end, for what need not be counted. */
  public static Share unlimited() {
    return new ByteBudget(Long.MAX_VALUE).share();
  }

  /** How many bytes may be taken at a time. */
  public long most() {
    return most;
  }

  /** How many bytes are taken now. */
  public long taken() {
    return taken.get();
  }

  /** A share of it for one request or one answer, with nothing taken yet. */
  public Share share() {
    return new Share();
  }

  /** What one request or one answer has taken. It is used by one thread at a time. */
  public final class Share {
    private long bytes;

    private Share() {}

    /** Takes so many more, if there are so many left; or takes nothing and returns false. */
    public boolean take(long more) {
      if (taken.addAndGet(more) > most) {
        taken.addAndGet(-more);
        return false;
      }
      bytes += more;
      return true;
    }

    /** What it is a share of. */
    public ByteBudget budget() {
      return ByteBudget.this;
    }

    /** Gives so many back. */
    public void giveBack(long some) {
      bytes -= some;
      taken.addAndGet(-some);
    }

    /** Gives all back that is taken. */
    public void giveBack() {
      if (bytes > 0) {
        giveBack(bytes);
      }
    }

    /** Hands all that is taken on: whoever has the new share gives it back. */
    public Share handOn() {
      var other = new Share();
      other.bytes = bytes;
      bytes = 0;
      return other;
    }
  }
}
