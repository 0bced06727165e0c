package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.server.http.EventStream;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
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

  private final CompletionStage<StatefulRedisConnection<byte[], byte[]>> connection;

  private Monitor(CompletionStage<StatefulRedisConnection<byte[], byte[]>> connection) {
    this.connection = connection;
  }

  /** Sends every command that the engine runs to {@code stream}. */
  static Monitor start(Connections connections, EventStream stream) {
    var connection = connections.open();
    connection.whenComplete(
        (it, fault) -> {
          if (it == null) {
            stream.end();
          } else {
            RedisChannelWriter writer = ((RedisChannelHandler<?, ?>) it).getChannelWriter();
            writer.write(new Line(writer, stream, MONITOR));
          }
        });
    return new Monitor(connection);
  }

  void stop() {
    var unused = connection.thenCompose(StatefulRedisConnection::closeAsync);
  }

  private static final class Line extends WireCommand {
    private final RedisChannelWriter writer;
    private final EventStream stream;
    private final byte[] request;

    Line(RedisChannelWriter writer, EventStream stream, byte[] request) {
      this.writer = writer;
      this.stream = stream;
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
        stream.send(java.util.Arrays.equals(line, OK) ? QUOTED_OK : line);
      }
    }

    @Override
    void replied() {
      writer.write(new Line(writer, stream, new byte[0]));
    }

    @Override
    void lost(Throwable cause) {
      stream.end();
    }
  }
}
