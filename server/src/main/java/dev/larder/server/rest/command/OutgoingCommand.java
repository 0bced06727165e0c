package dev.larder.server.rest.command;

import dev.larder.redis.lettuce.link.RequestFormat;
import dev.larder.redis.lettuce.link.WireCommand;
import dev.larder.server.rest.request.CommandBatch;
import dev.larder.server.rest.request.Words;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the engine: slices of its batch, but for the words that the {@link
 * Translator} put in their places. It writes itself as RESP2.
 */
public abstract class OutgoingCommand extends WireCommand implements Words {
  private final CommandBatch batch;
  private final int index;
  private final CommandRule rule;
  private byte @Nullable [] @Nullable [] replaced;
  private byte @Nullable [][] rewritten;
  private byte @Nullable [] answer;

  /**
   * A command that goes as it came, so far.
   *
   * @param index its place in the batch
   */
  protected OutgoingCommand(CommandBatch batch, int index, CommandRule rule) {
    this.batch = batch;
    this.index = index;
    this.rule = rule;
  }

  /** Its place in the batch. */
  public final int index() {
    return index;
  }

  /** What the door knows of it, by what its caller called it. */
  public final CommandRule rule() {
    return rule;
  }

  final CommandBatch batch() {
    return batch;
  }

  /** Sends {@code bytes} in the place of an argument. */
  final void replace(int argument, byte[] bytes) {
    if (replaced == null) {
      replaced = new byte[batch.arity(index)][];
    }
    replaced[argument] = bytes;
  }

  /** Sends these words instead, its name among them. */
  final void rewrite(byte[]... words) {
    rewritten = words;
  }

  /** Puts {@code bytes} in the place of the string that the engine answers. */
  final void answerWith(byte[] bytes) {
    answer = bytes;
  }

  /** What stands in the place of the string that the engine answers, or null where that stays. */
  public final byte @Nullable [] answer() {
    return answer;
  }

  @Override
  public final int count() {
    return rewritten != null ? rewritten.length : batch.arity(index);
  }

  @Override
  public final byte[] word(int argument) {
    byte[] instead =
        rewritten != null ? rewritten[argument] : replaced == null ? null : replaced[argument];
    return instead != null ? instead : batch.bytes(index, argument);
  }

  @Override
  public void encode(ByteBuf to) {
    if (rewritten != null) {
      RequestFormat.command(to, Arrays.asList(rewritten));
      return;
    }
    int arity = batch.arity(index);
    RequestFormat.arity(to, arity);
    for (int argument = 0; argument < arity; argument++) {
      byte[] instead = replaced == null ? null : replaced[argument];
      if (instead != null) {
        RequestFormat.word(to, instead, 0, instead.length);
      } else {
        int start = batch.start(index, argument);
        RequestFormat.word(to, batch.data(), start, batch.end(index, argument) - start);
      }
    }
  }
}
