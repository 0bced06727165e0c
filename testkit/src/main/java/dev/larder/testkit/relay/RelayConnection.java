package dev.larder.testkit.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.larder.testkit.relay.TcpRelay.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client's connection, the one to its target, and the two pipes in between. */
final class RelayConnection {
  private static final int BYTES_PER_PIPE = 256 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  // What a replica sends every second once it has its first copy of the data.
  private static final String REPLICA = "REPLCONF\r\n$3\r\nACK\r\n";

  private final RelayLoop loop;
  private final SocketChannel client;
  private final SocketChannel target;
  private final SelectionKey clientKey;
  private final SelectionKey targetKey;
  private final Pipe toTarget;
  private final Pipe toClient;
  private boolean ofReplica;

  RelayConnection(RelayLoop loop, SocketChannel client, Supplier<InetSocketAddress> address)
      throws IOException {
    this.loop = loop;
    this.client = client;
    this.target = SocketChannel.open();
    try {
      toTarget = new Pipe(Direction.TO_TARGET, client, target);
      toClient = new Pipe(Direction.TO_CLIENT, target, client);
      prepare(client);
      prepare(target);
      boolean connected = target.connect(address.get());
      clientKey = client.register(loop.selector(), connected ? SelectionKey.OP_READ : 0, this);
      targetKey =
          target.register(
              loop.selector(), connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    } catch (IOException | RuntimeException e) {
      target.close();
      client.close();
      throw e;
    }
  }

  private static void prepare(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  /** One of the two sockets can be read or written. */
  void ready() {
    if (!client.isOpen()) {
      return;
    }
    try {
      if (target.isConnectionPending() && !target.finishConnect()) {
        return;
      }
      toTarget.read();
      toClient.read();
      forward();
    } catch (IOException e) {
      // Reset by one side, so the other is closed too.
      close();
    }
  }

  /** Lets through what is due. */
  void forward() {
    if (target.isConnectionPending()) {
      return;
    }
    try {
      toTarget.write();
      toClient.write();
    } catch (IOException e) {
      close();
    }
    if ((toTarget.ended && toClient.ended) || toTarget.isCut() || toClient.isCut()) {
      close();
    }
    if (client.isOpen()) {
      clientKey.interestOps(toTarget.toRead() | toClient.toWrite());
      targetKey.interestOps(toClient.toRead() | toTarget.toWrite());
    }
  }

  /** What is done to the bytes of one direction. */
  Faults faults(Direction direction) {
    return (direction == Direction.TO_TARGET ? toTarget : toClient).faults;
  }

  void close() {
    loop.forget(this);
    try {
      client.close();
      target.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Bytes, and when they came.
   *
   * @param bytes null for the end
   */
  private record Piece(@Nullable ByteBuffer bytes, long came) {}

  /**
   * One direction: bytes wait here until they are due, no stall is on, and the reader takes them.
   */
  private final class Pipe {
    private final Direction direction;
    private final SocketChannel from;
    private final SocketChannel to;
    private final Queue<Piece> waiting = new ArrayDeque<>();
    private final Faults faults;
    private ByteBuffer leaving = NOTHING;
    private int held;
    private boolean endRead;
    private boolean ended;
    private boolean full;

    Pipe(Direction direction, SocketChannel from, SocketChannel to) {
      this.direction = direction;
      this.from = from;
      this.to = to;
      this.faults = loop.faults(direction);
    }

    /** A fault has ended it, and all that came before has left. */
    boolean isCut() {
      return faults.cut() && !leaving.hasRemaining();
    }

    private boolean mayRead() {
      return !endRead && held < BYTES_PER_PIPE && !loop.isStalled(direction);
    }

    int toRead() {
      return mayRead() ? SelectionKey.OP_READ : 0;
    }

    int toWrite() {
      return full ? SelectionKey.OP_WRITE : 0;
    }

    void read() throws IOException {
      if (!mayRead()) {
        return;
      }
      ByteBuffer buffer = loop.buffer().clear();
      int read = from.read(buffer);
      long now = System.nanoTime();
      if (read < 0) {
        endRead = true;
        waiting.add(new Piece(null, now));
      } else if (read > 0) {
        held += read;
        ByteBuffer bytes = ByteBuffer.allocate(read).put(buffer.flip()).flip();
        if (direction == Direction.TO_TARGET && !ofReplica) {
          ofReplica = new String(bytes.array(), ISO_8859_1).contains(REPLICA);
        }
        waiting.add(new Piece(bytes, now));
      }
    }

    private long delayNanos() {
      boolean replication = ofReplica && direction == Direction.TO_CLIENT;
      return loop.delayNanos() + (replication ? loop.replicationDelayNanos() : 0);
    }

    void write() throws IOException {
      full = false;
      while (!full && !loop.isStalled(direction) && hasNext()) {
        int pieces = loop.pieces();
        int end = leaving.limit();
        if (pieces > 0) {
          leaving.limit(Math.min(end, leaving.position() + pieces));
        }
        to.write(leaving);
        full = leaving.hasRemaining();
        leaving.limit(end);
        if (pieces > 0) {
          loop.pause();
          return;
        }
      }
    }

    /** Whether there are bytes to be written now. */
    private boolean hasNext() throws IOException {
      if (!leaving.hasRemaining()) {
        leaving = faults.passOn(NOTHING);
      }
      while (!leaving.hasRemaining() && !faults.cut() && isDue(waiting.peek())) {
        ByteBuffer bytes = waiting.remove().bytes();
        if (bytes == null) {
          to.shutdownOutput();
          ended = true;
        } else {
          held -= bytes.remaining();
          leaving = faults.passOn(bytes);
        }
      }
      return leaving.hasRemaining();
    }

    private boolean isDue(@Nullable Piece piece) {
      if (piece == null) {
        return false;
      }
      long early = piece.came() + delayNanos() - System.nanoTime();
      if (early > 0) {
        loop.wakeAfter(early);
      }
      return early <= 0;
    }
  }
}
