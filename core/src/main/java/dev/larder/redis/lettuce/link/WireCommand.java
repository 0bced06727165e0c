package dev.larder.redis.lettuce.link;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A command that writes itself and takes its reply itself, in one object: what Lettuce needs, and
 * no more. It is sent once, and ends once, on the connection's loop.
 */
public abstract class WireCommand extends CommandOutput<byte[], byte[], @Nullable Void>
    implements RedisCommand<byte[], byte[], @Nullable Void> {
  private @Nullable EngineConnection connection;
  private boolean done;

  /** A command that was not sent yet. */
  protected WireCommand() {
    super(ByteArrayCodec.INSTANCE, null);
  }

  /** The reply is complete. */
  protected abstract void replied();

  /**
   * There will be no reply.
   *
   * @param cause {@link NotConnected} if nothing of it was sent
   */
  protected abstract void lost(Throwable cause);

  /** Called by {@link EngineConnection}, which counts it until it is done. */
  final void countedBy(EngineConnection connection) {
    this.connection = connection;
  }

  @Override
  public final void complete() {
    if (end()) {
      replied();
    }
  }

  @Override
  public final boolean completeExceptionally(Throwable cause) {
    boolean ended = end();
    if (ended) {
      lost(cause);
    }
    return ended;
  }

  private boolean end() {
    if (done) {
      return false;
    }
    done = true;
    if (connection != null) {
      connection.answered();
    }
    return true;
  }

  @Override
  public final void cancel() {
    completeExceptionally(new CancellationException("the connection to the engine was closed"));
  }

  @Override
  public final boolean isDone() {
    return done;
  }

  @Override
  public final boolean isCancelled() {
    return false;
  }

  @Override
  public final CommandOutput<byte[], byte[], @Nullable Void> getOutput() {
    return this;
  }

  @Override
  public final void setOutput(CommandOutput<byte[], byte[], @Nullable Void> output) {
    throw new UnsupportedOperationException("a command takes its reply itself");
  }

  @Override
  public final CommandArgs<byte[], byte[]> getArgs() {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE);
  }

  /**
   * Only Lettuce's logs and metrics ask, which are off: the true name goes out with the arguments.
   */
  @Override
  public final ProtocolKeyword getType() {
    return CommandType.ECHO;
  }

  /** Without arguments, which may be secret. */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
