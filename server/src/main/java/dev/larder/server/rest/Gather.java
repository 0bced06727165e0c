package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.Exchange.Kind;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request on a Cluster: its errands come back in any order, and its exchange is told of them in
 * the order in which its caller sent the commands, when the last is back or its time is up.
 */
final class Gather {
  private static final Reply OK = new Reply.Status("OK");

  private final Exchange exchange;
  private final List<RestCommand> commands;
  private final List<Share> shares = new ArrayList<>();
  private final List<Errand> errands = new ArrayList<>();
  private final Map<Integer, Integer> lastSent = new HashMap<>(0);
  private int underway;
  private int missing;
  private boolean told;

  Gather(Exchange exchange, List<RestCommand> commands) {
    this.exchange = exchange;
    this.commands = commands;
  }

  Exchange exchange() {
    return exchange;
  }

  /** All errands, in the order in which their commands were sent. */
  List<Errand> errands() {
    return errands;
  }

  /** Whether the exchange was told of everything. */
  boolean told() {
    return told;
  }

  /** Whether the exchange was told, and nothing is on its way any more. */
  boolean settled() {
    return told && underway == 0;
  }

  /** An errand goes out. */
  void sent(Errand errand) {
    underway++;
    if (errands.size() > 1 && errand.slot() >= 0) {
      lastSent.merge(errand.slot(), errand.index(), Math::max);
    }
  }

  /** An errand that was sent was answered or lost. */
  void back() {
    underway--;
  }

  /** Whether one behind it was sent to the same slot: it must not go behind that one. */
  boolean overtaken(Errand errand) {
    return lastSent.getOrDefault(errand.slot(), -1) > errand.index();
  }

  /** The share of the next command; of a transaction there is one in all. */
  Share share(String name) {
    var share = new Share(name);
    shares.add(share);
    return share;
  }

  /** All shares are there. */
  void begin() {
    missing = errands.size();
    if (missing == 0) {
      tell();
    }
  }

  /**
   * An errand is over.
   *
   * @param why there are no replies; null where there are
   */
  void end(Errand errand, @Nullable HttpFault why) {
    if (!errand.done()) {
      errand.end(why);
      if (--missing == 0) {
        tell();
      }
    }
  }

  /** Answers with what is there, since there is no more time. */
  void giveUp(HttpFault tooLate) {
    for (Errand errand : errands) {
      end(errand, errand.underway() ? tooLate : errand.obstacle());
    }
  }

  private void tell() {
    told = true;
    shares.forEach(Share::conclude);
    boolean pieceMeal =
        exchange.kind() == Kind.PIPELINE && shares.stream().anyMatch(it -> it.failure == null);
    if (exchange.kind() == Kind.TRANSACTION) {
      tellTransaction(shares.get(0));
      return;
    }
    for (int i = 0; i < commands.size(); i++) {
      Share share = shares.get(i);
      RestCommand command = commands.get(i);
      if (share.failure == null) {
        replay(share.replies.get(0), command);
      } else if (pieceMeal) {
        replay(new Failure(share.failure.sentence()), command);
      } else {
        command.completeExceptionally(share.failure);
      }
    }
  }

  /** A refusal is EXEC's. */
  private void tellTransaction(Share share) {
    int last = commands.size() - 1;
    for (int i = 0; i <= last; i++) {
      RestCommand command = commands.get(i);
      if (share.failure != null) {
        command.completeExceptionally(share.failure);
      } else if (share.replies.size() > 1) {
        replay(share.replies.get(i), command);
      } else {
        replay(i < last ? OK : share.replies.get(0), command);
      }
    }
  }

  /** Tells {@code command} of a reply as if Lettuce had just decoded it. */
  private static void replay(Reply reply, RestCommand command) {
    tell(reply, command, 0);
    command.complete();
  }

  private static void tell(Reply reply, RestCommand command, int depth) {
    if (reply instanceof Reply.Status status) {
      // Its mark stands before it, as in Lettuce's buffer.
      command.set(ByteBuffer.wrap(('+' + status.text()).getBytes(UTF_8)).position(1));
    } else if (reply instanceof Reply.Bulk bulk) {
      command.set(ByteBuffer.wrap(bulk.bytes()));
    } else if (reply instanceof Reply.Int number) {
      command.set(number.value());
    } else if (reply instanceof Reply.Failure failure) {
      command.setError(ByteBuffer.wrap(failure.message().getBytes(UTF_8)));
    } else if (reply instanceof Reply.Array array) {
      command.multi(array.elements().size());
      array.elements().forEach(element -> tell(element, command, depth + 1));
      command.complete(depth);
    } else {
      command.set((ByteBuffer) null);
    }
  }

  /** What answers for one command, or for a transaction. */
  final class Share {
    private final String name;
    private final List<Errand> parts = new ArrayList<>(1);
    private Merge merge = Merge::first;
    private List<Reply> replies = List.of();
    private @Nullable HttpFault failure;

    private Share(String name) {
      this.name = name;
    }

    /** How replies of several errands make one. */
    void merge(Merge how) {
      merge = how;
    }

    /** One more errand. */
    void add(int slot, List<Consumer<ByteBuf>> whole) {
      var errand = new Errand(Gather.this, errands.size(), slot, whole);
      parts.add(errand);
      errands.add(errand);
    }

    /** Answers without any errand. */
    void answer(Reply reply) {
      replies = List.of(reply);
    }

    private void conclude() {
      if (parts.isEmpty()) {
        return;
      }
      List<Failure> failures = new ArrayList<>();
      var whole = new ArrayList<Reply>();
      for (Errand part : parts) {
        HttpFault why = part.failure();
        if (why != null) {
          failure = why;
          failures.add(new Failure(why.sentence()));
        } else if (part.replies().get(0) instanceof Failure reply) {
          failures.add(reply);
        } else {
          whole.add(part.replies().get(0));
        }
      }
      if (failure != null) {
        failure = new HttpFault(503, Merge.partial(name, parts.size(), failures).message());
      } else if (parts.get(0).replies().size() > 1) {
        replies = parts.get(0).replies();
      } else if (failures.isEmpty()) {
        replies = List.of(merge.of(whole));
      } else {
        replies = List.of(Merge.partial(name, parts.size(), failures));
      }
    }
  }
}
