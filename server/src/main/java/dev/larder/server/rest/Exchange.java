package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.server.http.Call;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.Metrics;
import dev.larder.server.http.memory.ByteBudget;
import dev.larder.server.rest.engine.EngineFaults;
import dev.larder.server.rest.engine.EngineRequest;
import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.reply.Replies;
import dev.larder.server.rest.request.BatchKind;
import dev.larder.server.rest.request.CommandBatch;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and the replies to its commands. Replies come in the order in which their commands
 * were sent, so each is written behind the one before while it is decoded; commands that were
 * refused here take their place in that order. Everything happens on one event loop.
 */
final class Exchange implements EngineRequest {
  /** What a string that was dropped has, at a guess. */
  private static final int DROPPED_BYTES = 1 << 26;

  /** What an element of a reply takes on its way beside its bytes. */
  private static final int ELEMENT_BYTES = 8;

  private final Call call;
  private final BatchKind kind;
  private final CommandBatch batch;
  private final Metrics.Reads reads;
  // Not when the call began: how long a caller takes to send its body says nothing of the engine.
  private final long began = System.nanoTime();
  private final Replies out;
  private final ByteBudget.Share held;
  private final @Nullable String[] refusals;
  private List<RestCommand> commands = List.of();
  private @Nullable Observer observer;
  private int next;
  private int inTransaction;
  private int outstanding;
  private long replyBytes;
  private @Nullable String queueError;
  private @Nullable HttpFault fault;

  Exchange(
      Call call,
      BatchKind kind,
      CommandBatch batch,
      Replies out,
      ByteBudget.Share held,
      Metrics.Reads reads) {
    this.call = call;
    this.kind = kind;
    this.batch = batch;
    this.reads = reads;
    this.out = out;
    this.held = held;
    this.refusals = new @Nullable String[batch.size()];
    if (kind == BatchKind.PIPELINE) {
      out.openList(batch.size());
    }
  }

  CommandBatch batch() {
    return batch;
  }

  @Override
  public long began() {
    return began;
  }

  @Override
  public BatchKind kind() {
    return kind;
  }

  @Override
  public boolean over() {
    return call.over();
  }

  @Override
  public boolean wantsMore() {
    return fault == null && out.refusal() == null && !call.over();
  }

  /** A command that is answered here, not by the engine. */
  void refuse(int command, String why) {
    refusals[command] = why;
  }

  /** Sends what was not refused; with nothing of the kind, the answer goes out at once. */
  void send(List<RestCommand> commands, Link link) {
    this.commands = commands;
    outstanding = commands.size();
    if (commands.isEmpty()) {
      finish();
      settled();
    } else {
      link.send(this);
    }
  }

  @Override
  public List<RestCommand> commands() {
    return commands;
  }

  @Override
  public void settled() {
    held.giveBack();
  }

  @Override
  public boolean gathers(int bytes) {
    return out.gathers(bytes);
  }

  @Override
  public void sentBy(Observer link) {
    observer = link;
  }

  void string(RestCommand command, @Nullable ByteBuffer bytes, int depth) {
    replyBytes += ELEMENT_BYTES + (bytes == null ? 0 : bytes.remaining());
    if (wanted(command, depth)) {
      boolean topLevel = begin(command, depth);
      RestCommand asked = asked(command);
      if (asked.rule().counts() && depth <= top(command) + 1) {
        (bytes == null ? reads.misses() : reads.hits()).increment();
      }
      byte[] instead = bytes == null ? null : asked.answer();
      out.string(instead == null ? bytes : ByteBuffer.wrap(instead), topLevel);
      end(topLevel);
    } else if (command.role() == RestCommand.Role.EXEC && depth == 0) {
      fail("ERR the transaction was discarded");
    }
  }

  void integer(RestCommand command, long value, int depth) {
    replyBytes += ELEMENT_BYTES;
    if (wanted(command, depth)) {
      boolean topLevel = begin(command, depth);
      out.integer(value);
      end(topLevel);
    }
  }

  void error(RestCommand command, String message, int depth) {
    if (LettuceClients.isTooLong(message)) {
      out.refuseTooLarge();
      replyBytes += DROPPED_BYTES;
      return;
    }
    if (depth > top(command)) {
      string(command, ByteBuffer.wrap(message.getBytes(UTF_8)), depth);
      return;
    }
    if (observer != null && message.startsWith("READONLY ")) {
      observer.demoted();
    }
    String told = EngineFaults.told(message);
    switch (command.role()) {
      case ELEMENT -> {
        if (kind == BatchKind.SINGLE) {
          fail(told);
        } else {
          catchUp(command.index());
          out.error(told);
        }
      }
      case QUEUED, MULTI -> queueError = queueError == null ? told : queueError;
      case EXEC -> {
        if (depth == 0) {
          fail(
              queueError == null
                  ? told
                  : "EXECABORT Transaction discarded because of: " + queueError);
        } else {
          out.error(told);
          inTransaction++;
        }
      }
    }
  }

  void openArray(RestCommand command, int size, int depth) {
    if (command.role() == RestCommand.Role.EXEC && depth == 0) {
      out.openList(size);
    } else if (wanted(command, depth)) {
      begin(command, depth);
      out.openList(size);
    }
  }

  void closeArray(RestCommand command, int depth) {
    if (command.role() == RestCommand.Role.EXEC && depth == 0) {
      out.closeList();
    } else if (wanted(command, depth)) {
      out.closeList();
      end(depth == top(command));
    }
  }

  /** The depth at which a whole reply stands: those of a transaction stand in EXEC's array. */
  private static int top(RestCommand command) {
    return command.role() == RestCommand.Role.EXEC ? 1 : 0;
  }

  /**
   * Whether a part of a reply goes into the answer: those of MULTI and of queued commands only say
   * that all is well.
   */
  private boolean wanted(RestCommand command, int depth) {
    return switch (command.role()) {
      case ELEMENT -> awaited();
      case MULTI, QUEUED -> false;
      case EXEC -> depth > 0 && awaited();
    };
  }

  private boolean awaited() {
    if (call.over()) {
      out.drop();
      return false;
    }
    return true;
  }

  private boolean begin(RestCommand command, int depth) {
    boolean topLevel = depth == top(command);
    if (topLevel) {
      catchUp(command.index());
      out.openResult();
    }
    return topLevel;
  }

  private void end(boolean topLevel) {
    if (topLevel) {
      out.closeResult();
      inTransaction++;
    }
  }

  /** The command that a part of a reply answers: EXEC's array answers the queued ones in turn. */
  private RestCommand asked(RestCommand command) {
    boolean queued = command.role() == RestCommand.Role.EXEC && inTransaction + 2 < commands.size();
    return queued ? commands.get(inTransaction + 1) : command;
  }

  /** Writes the refusals of the commands before this one. */
  private void catchUp(int command) {
    for (; next < command; next++) {
      String refusal = refusals[next];
      if (refusal != null) {
        out.error(refusal);
      }
    }
    next = command + 1;
  }

  /** The engine's reply to one command is complete. */
  void replied() {
    HttpFault tooLarge = out.refusal();
    if (tooLarge != null && !call.over()) {
      giveUp(tooLarge);
    }
    outstanding--;
    if (observer != null) {
      observer.replied(replyBytes);
    }
    replyBytes = 0;
    if (outstanding == 0) {
      if (observer != null) {
        observer.settled(this);
      }
      finish();
    }
  }

  /** There will be no reply to one command. */
  void lost(Throwable cause) {
    if (fault == null) {
      fault = out.refusal() == null ? EngineFaults.of(cause) : out.refusal();
    }
    replied();
  }

  private void fail(String message) {
    boolean unavailable = unavailable(message) || (queueError != null && unavailable(queueError));
    fault = new HttpFault(unavailable ? 503 : 400, message);
  }

  /**
   * Whether an error of the engine says that it cannot serve now, rather than that the command was
   * wrong.
   */
  private static boolean unavailable(String message) {
    return message.startsWith("LOADING ")
        || message.startsWith("MASTERDOWN ")
        || message.startsWith("CLUSTERDOWN ")
        || message.startsWith("BUSY ");
  }

  @Override
  public void giveUp(HttpFault why) {
    fault = why;
    finish();
  }

  private void finish() {
    if (call.over()) {
      out.drop();
      return;
    }
    if (fault == null && kind == BatchKind.PIPELINE) {
      catchUp(batch.size());
      out.closeList();
    }
    fault = fault == null ? out.refusal() : fault;
    if (fault != null) {
      out.drop();
      call.fail(fault);
      return;
    }
    call.answer(200, out.type(), out.bytes(), out.length(), out::drop);
  }
}
