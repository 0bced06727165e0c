package dev.larder.server.rest.cluster;

import dev.larder.redis.FailureKind;
import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.lettuce.link.Asking;
import dev.larder.redis.lettuce.link.ReplyCommand;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.engine.EngineFaults;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one node as a whole: a command, a piece of one, or a transaction. It is sent again
 * only where its replies prove that nothing of it was executed.
 */
final class SubRequest {
  private static final int MOST_REDIRECTIONS = 16;
  private static final Set<FailureKind> REFUSALS =
      EnumSet.of(
          FailureKind.MOVED,
          FailureKind.ASK,
          FailureKind.TRYAGAIN,
          FailureKind.CLUSTERDOWN,
          FailureKind.LOADING,
          FailureKind.READONLY);

  private final FanOut fanOut;
  private final int index;
  private final int slot;
  private final List<Consumer<ByteBuf>> commands;
  private final boolean believesRefusals;
  private final Reply[] replies;
  private final long began = System.nanoTime();
  private HttpFault obstacle = EngineFaults.UNREACHABLE;
  private @Nullable Throwable lost;
  private @Nullable HttpFault failure;
  private int redirections;
  private int unanswered;
  private boolean done;

  /**
   * @param index its place among its request's
   * @param slot whose node it goes to, or -1 for any node
   * @param commands each writes itself as RESP2
   * @param believesRefusals whether an error by which a node refuses it proves that it did: a
   *     script may answer any error, and have run before
   */
  SubRequest(
      FanOut fanOut,
      int index,
      int slot,
      List<Consumer<ByteBuf>> commands,
      boolean believesRefusals) {
    this.fanOut = fanOut;
    this.index = index;
    this.slot = slot;
    this.commands = commands;
    this.believesRefusals = believesRefusals;
    this.replies = new Reply[commands.size()];
  }

  FanOut fanOut() {
    return fanOut;
  }

  int index() {
    return index;
  }

  int slot() {
    return slot;
  }

  /** {@link System#nanoTime()} when it was first to be sent. */
  long began() {
    return began;
  }

  /** What keeps it from being sent. */
  HttpFault obstacle() {
    return obstacle;
  }

  void obstacle(HttpFault why) {
    obstacle = why;
  }

  /** Whether one more redirection may be followed: a Cluster in disorder sends round in circles. */
  boolean mayFollow() {
    return ++redirections <= MOST_REDIRECTIONS;
  }

  /**
   * The commands for one attempt.
   *
   * @param asking whether the node is asked for a slot that it only imports
   * @param whenOver is run when each of them was answered or lost
   */
  List<ReplyCommand> attempt(boolean asking, Consumer<SubRequest> whenOver) {
    Arrays.fill(replies, new Reply.Nil());
    lost = null;
    unanswered = replies.length;
    var attempt = new ArrayList<ReplyCommand>(replies.length + 1);
    for (int i = 0; i < replies.length; i++) {
      attempt.add(new One(i, whenOver));
    }
    if (asking) {
      attempt.add(0, new Asking(attempt.get(0)));
    }
    return attempt;
  }

  /** Whether it was sent and not all of it was answered or lost. */
  boolean underway() {
    return unanswered > 0;
  }

  /** What befell the last attempt, or null where all of it was answered. */
  @Nullable Throwable lost() {
    return lost;
  }

  /** Whether the {@link #refusal} is one, whatever the node's table of slots may say. */
  boolean believesRefusals() {
    return believesRefusals;
  }

  /**
   * The error by which the node refused it, or may have; null where it answered. A transaction was
   * refused only where EXEC failed.
   */
  @Nullable Failure refusal() {
    if (replies[replies.length - 1] instanceof Failure) {
      for (Reply reply : replies) {
        if (reply instanceof Failure failure && REFUSALS.contains(failure.kind())) {
          return failure;
        }
      }
    }
    return null;
  }

  /** The replies, each to its command. */
  List<Reply> replies() {
    return List.of(replies);
  }

  /** It is over: by its replies, or by {@code why}. */
  void end(@Nullable HttpFault why) {
    done = true;
    failure = why;
  }

  boolean done() {
    return done;
  }

  /** Why there are no replies, or null where there are. */
  @Nullable HttpFault failure() {
    return failure;
  }

  private final class One extends ReplyCommand {
    private final int index;
    private final Consumer<SubRequest> whenOver;

    One(int index, Consumer<SubRequest> whenOver) {
      this.index = index;
      this.whenOver = whenOver;
    }

    @Override
    public void encode(ByteBuf to) {
      commands.get(index).accept(to);
    }

    @Override
    protected boolean keeps(int bytes) {
      return !done && fanOut.request().gathers(bytes);
    }

    @Override
    protected void replied(Reply reply) {
      if (!done) {
        replies[index] = reply;
      }
      over();
    }

    @Override
    protected void lost(Throwable cause) {
      if (lost == null) {
        lost = cause;
      }
      over();
    }

    private void over() {
      if (--unanswered == 0) {
        whenOver.accept(SubRequest.this);
      }
    }
  }
}
