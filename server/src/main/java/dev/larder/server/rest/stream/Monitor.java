package dev.larder.server.rest.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.lettuce.link.WireCommand;
import dev.larder.server.http.EventStream;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.engine.EngineFaults;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * MONITOR as a stream of events, on a connection of its own. The engine answers one command with
 * line after line, where Lettuce expects one reply to each; so behind each line stands a further
 * command, one that sends nothing.
 */
final class Monitor {
  private static final byte[] MONITOR = "*1\r\n$7\r\nMONITOR\r\n".getBytes(US_ASCII);
  private static final byte[] OK = "OK".getBytes(US_ASCII);
  private static final byte[] QUOTED_OK = "\"OK\"".getBytes(US_ASCII);

  private final EventStream stream;
  private final List<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opened;
  private int silent;

  private Monitor(
      List<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opened, EventStream stream) {
    this.opened = opened;
    this.stream = stream;
    this.silent = opened.size();
  }

  /**
   * Sends every command that the engine runs to {@code stream}: the nodes of a Cluster, one line as
   * it comes behind the other. It ends when one of them is lost, since it would not tell all.
   */
  static Monitor start(
      List<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> nodes, EventStream stream) {
    var monitor = new Monitor(nodes, stream);
    nodes.forEach(node -> node.whenComplete(monitor::begin));
    return monitor;
  }

  private void begin(
      @Nullable StatefulRedisConnection<byte[], byte[]> it, @Nullable Throwable fault) {
    if (it == null) {
      stream.fail(EngineFaults.unreachable(fault));
    } else {
      RedisChannelWriter writer = ((RedisChannelHandler<?, ?>) it).getChannelWriter();
      writer.write(new Line(writer, MONITOR));
    }
  }

  /** Lines count from the moment on in which all nodes tell theirs. */
  private void line(byte[] line) {
    if (!Arrays.equals(line, OK)) {
      stream.send(line);
    } else if (--silent == 0) {
      stream.begin();
      stream.send(QUOTED_OK);
    }
  }

  void stop() {
    opened.forEach(
        connection -> {
          var unused = connection.thenCompose(StatefulRedisConnection::closeAsync);
        });
  }

  private final class Line extends WireCommand {
    private final RedisChannelWriter writer;
    private final byte[] request;

    Line(RedisChannelWriter writer, byte[] request) {
      this.writer = writer;
      this.request = request;
    }

    @Override
    public void encode(ByteBuf to) {
      to.writeBytes(request);
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
      if (bytes != null) {
        var line = new byte[bytes.remaining()];
        bytes.get(line);
        line(line);
      }
    }

    @Override
    public void setError(ByteBuffer error) {
      stream.fail(HttpFault.badRequest(UTF_8.decode(error).toString()));
    }

    @Override
    protected void replied() {
      writer.write(new Line(writer, new byte[0]));
    }

    @Override
    protected void lost(Throwable cause) {
      stream.end();
    }
  }
}
