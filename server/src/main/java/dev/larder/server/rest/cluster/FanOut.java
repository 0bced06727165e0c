package dev.larder.server.rest.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.command.OutgoingCommand;
import dev.larder.server.rest.engine.EngineLimits;
import dev.larder.server.rest.engine.EngineRequest;
import dev.larder.server.rest.request.BatchKind;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request on a Cluster: its sub-requests come back in any order, and it is told of them in the
 * order in which its caller sent the commands, when the last is back or its time is up.
 */
final class FanOut {
  private static final Reply OK = new Reply.Status("OK");

  private final EngineRequest request;
  private final List<? extends OutgoingCommand> commands;
  private final List<Answer> answers = new ArrayList<>();

  /** In the order in which their commands were sent. */
  private final List<SubRequest> subRequests = new ArrayList<>();

  private final Map<Integer, Integer> lastSent = new HashMap<>(0);
  private int underway;
  private int missing;
  private int started;
  private boolean starting;
  private boolean settled;
  private boolean told;

  FanOut(EngineRequest request) {
    this.request = request;
    this.commands = request.commands();
  }

  EngineRequest request() {
    return request;
  }

  /** Whether the request was told of everything. */
  boolean told() {
    return told;
  }

  /** Whether the request was told, and nothing is on its way any more; true once. */
  boolean settles() {
    boolean settles = told && underway == 0 && !settled;
    settled |= settles;
    return settles;
  }

  /**
   * Has sub-requests started, in their order, as many as may be under way at a time; the rest of
   * them when these are over.
   */
  void start(Consumer<SubRequest> starter) {
    // One may be over at once, which leads here again.
    if (starting) {
      return;
    }
    starting = true;
    while (started < subRequests.size()
        && started - (subRequests.size() - missing) < EngineLimits.WINDOW) {
      starter.accept(subRequests.get(started++));
    }
    starting = false;
  }

  /** A sub-request goes out. */
  void sent(SubRequest part) {
    underway++;
    if (subRequests.size() > 1 && part.slot() >= 0) {
      lastSent.merge(part.slot(), part.index(), Math::max);
    }
  }

  /** A sub-request that was sent was answered or lost. */
  void back() {
    underway--;
  }

  /** Whether one behind it was sent to the same slot: it must not go behind that one. */
  boolean overtaken(SubRequest part) {
    return lastSent.getOrDefault(part.slot(), -1) > part.index();
  }

  /**
   * The answer of the next command; of a transaction there is one in all.
   *
   * @param name of the command
   * @param mayDeceive whether it runs a script, which may answer as if a node had refused it
   */
  Answer answer(String name, boolean mayDeceive) {
    var answer = new Answer(name, mayDeceive);
    answers.add(answer);
    return answer;
  }

  /** All answers are there. */
  void begin() {
    missing = subRequests.size();
    if (missing == 0) {
      tell();
    }
  }

  /**
   * A sub-request is over.
   *
   * @param why there are no replies; null where there are
   */
  void end(SubRequest part, @Nullable HttpFault why) {
    if (!part.done()) {
      part.end(why);
      if (--missing == 0) {
        tell();
      }
    }
  }

  /** Answers with what is there, since there is no more time. */
  void giveUp(HttpFault tooLate) {
    for (SubRequest part : subRequests) {
      end(part, part.underway() ? tooLate : part.obstacle());
    }
  }

  private void tell() {
    told = true;
    answers.forEach(Answer::conclude);
    boolean pieceMeal =
        request.kind() == BatchKind.PIPELINE && answers.stream().anyMatch(it -> it.failure == null);
    if (request.kind() == BatchKind.TRANSACTION) {
      tellTransaction(answers.get(0));
      return;
    }
    for (int i = 0; i < commands.size(); i++) {
      Answer answer = answers.get(i);
      OutgoingCommand command = commands.get(i);
      if (answer.failure == null) {
        replay(answer.replies.get(0), command);
      } else if (pieceMeal) {
        replay(new Failure(answer.failure.sentence()), command);
      } else {
        command.completeExceptionally(answer.failure);
      }
    }
  }

  /** A refusal is EXEC's. */
  private void tellTransaction(Answer answer) {
    int last = commands.size() - 1;
    for (int i = 0; i <= last; i++) {
      OutgoingCommand command = commands.get(i);
      if (answer.failure != null) {
        command.completeExceptionally(answer.failure);
      } else if (answer.replies.size() > 1) {
        replay(answer.replies.get(i), command);
      } else {
        replay(i < last ? OK : answer.replies.get(0), command);
      }
    }
  }

  /** Tells {@code command} of a reply as if Lettuce had just decoded it. */
  private static void replay(Reply reply, OutgoingCommand command) {
    tell(reply, command, 0);
    command.complete();
  }

  private static void tell(Reply reply, OutgoingCommand command, int depth) {
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
  final class Answer {
    private final String name;
    private final boolean mayDeceive;
    private final List<SubRequest> parts = new ArrayList<>(1);
    private Merge merge = Merge::first;
    private List<Reply> replies = List.of();
    private @Nullable HttpFault failure;

    private Answer(String name, boolean mayDeceive) {
      this.name = name;
      this.mayDeceive = mayDeceive;
    }

    /** How replies of several parts make one. */
    void merge(Merge how) {
      merge = how;
    }

    /** One more sub-request. */
    void add(int slot, List<Consumer<ByteBuf>> whole) {
      var part = new SubRequest(FanOut.this, subRequests.size(), slot, whole, !mayDeceive);
      parts.add(part);
      subRequests.add(part);
    }

    /** Answers without any sub-request. */
    void reply(Reply reply) {
      replies = List.of(reply);
    }

    private void conclude() {
      if (parts.isEmpty()) {
        return;
      }
      List<Failure> failures = new ArrayList<>();
      var whole = new ArrayList<Reply>();
      for (SubRequest part : parts) {
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
