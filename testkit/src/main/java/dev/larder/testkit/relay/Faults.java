package dev.larder.testkit.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.larder.testkit.relay.StreamFault.Cut;
import dev.larder.testkit.relay.StreamFault.Drop;
import dev.larder.testkit.relay.StreamFault.Duplicate;
import dev.larder.testkit.relay.StreamFault.Flip;
import dev.larder.testkit.relay.StreamFault.Insert;
import dev.larder.testkit.relay.StreamFault.Replace;
import dev.larder.testkit.relay.TcpRelay.Direction;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one direction of a connection makes of its bytes. */
final class Faults {
  private final Predicate<Injection> claim;
  private final List<Due> due = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
  private long passed;
  private @Nullable StreamFault current;
  private int harmed;
  private boolean cut;

  /** A fault for the first connection that has passed on so many bytes. Equal to no other. */
  static final class Injection {
    final Direction direction;
    private final long after;
    private final StreamFault fault;

    Injection(Direction direction, long after, StreamFault fault) {
      this.direction = direction;
      this.after = after;
      this.fault = fault;
    }

    private boolean harmsBytes() {
      return !(fault instanceof Insert || fault instanceof Cut);
    }
  }

  private record Due(long at, Injection injection) {}

  /**
   * None yet.
   *
   * @param claim tells whether this connection is the first to get to one
   */
  Faults(Predicate<Injection> claim) {
    this.claim = claim;
  }

  /** Counts from here. */
  void add(Injection injection) {
    due.add(new Due(passed + injection.after, injection));
  }

  /** Ends all. */
  void clear() {
    due.clear();
    current = null;
    copy.reset();
  }

  /** Whether the connection ends after what has been passed on. */
  boolean cut() {
    return cut;
  }

  /** What to pass on for some bytes, or while none have come. */
  ByteBuffer passOn(ByteBuffer bytes) {
    if (due.isEmpty() && current == null) {
      passed += bytes.remaining();
      return bytes;
    }
    out.reset();
    begin(false);
    while (bytes.hasRemaining() && !cut) {
      begin(true);
      harm(bytes.get());
      passed++;
      begin(false);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  /**
   * Begins those that are due, each when the one before is through.
   *
   * @param more whether a byte is there to be harmed, which not all need
   */
  private void begin(boolean more) {
    for (int i = 0; i < due.size() && current == null && !cut; ) {
      Due next = due.get(i);
      if (next.at > passed) {
        i++;
      } else if (next.injection.harmsBytes() && !more) {
        return;
      } else if (claim.test(due.remove(i).injection)) {
        begin(next.injection.fault);
      }
    }
  }

  private void begin(StreamFault fault) {
    if (fault instanceof Cut) {
      cut = true;
    } else if (fault instanceof Insert insert) {
      out.writeBytes(insert.text().getBytes(ISO_8859_1));
    } else {
      current = fault;
      harmed = 0;
    }
  }

  private void harm(byte b) {
    int last = 1;
    if (current instanceof Flip flip) {
      out.write(b ^ flip.bits());
    } else if (current instanceof Replace replace) {
      out.write(replace.text().charAt(harmed));
      last = replace.text().length();
    } else if (current instanceof Drop drop) {
      last = drop.bytes();
    } else if (current instanceof Duplicate duplicate) {
      out.write(b);
      copy.write(b);
      last = duplicate.bytes();
    } else {
      out.write(b);
      return;
    }
    harmed++;
    if (harmed == last) {
      out.writeBytes(copy.toByteArray());
      copy.reset();
      current = null;
    }
  }
}
