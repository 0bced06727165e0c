package dev.larder.testkit.relay;

import dev.larder.testkit.relay.Faults.Injection;
import dev.larder.testkit.relay.TcpRelay.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a relay, which alone touches its connections. */
final class RelayLoop {
  private static final Logger log = LoggerFactory.getLogger(RelayLoop.class);
  private static final long NEVER = Long.MAX_VALUE;
  // Far more than a thread needs that waits for nothing but its selector.
  private static final Duration ANSWER = Duration.ofSeconds(30);

  // So that a reader who waits for it takes one piece before the next one comes.
  private static final Duration BETWEEN_PIECES = Duration.ofNanos(20_000);

  private final Selector selector = Selector.open();
  private final InetSocketAddress address;
  private final Supplier<InetSocketAddress> target;
  private final Thread thread;
  private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
  private final Set<RelayConnection> connections = new LinkedHashSet<>();
  private final List<Injection> injections = new ArrayList<>();
  private final Set<Direction> stalled = EnumSet.noneOf(Direction.class);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);
  private ServerSocketChannel listener;
  private long delayNanos;
  private long replicationDelayNanos;
  private int pieces;
  private long untilDue = NEVER;
  private boolean open = true;
  private volatile boolean closed;

  RelayLoop(ServerSocketChannel listener, Supplier<InetSocketAddress> target) throws IOException {
    this.listener = listener;
    this.address = (InetSocketAddress) listener.getLocalAddress();
    this.target = target;
    listener.register(selector, SelectionKey.OP_ACCEPT);
    thread = new Thread(this::loop, "relay-" + address.getPort());
    thread.setDaemon(true);
    thread.start();
  }

  static ServerSocketChannel listen(InetSocketAddress address) throws IOException {
    var listener = ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address, 1024).configureBlocking(false);
      return listener;
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  int port() {
    return address.getPort();
  }

  void run(Runnable change) {
    call(
        () -> {
          change.run();
          return true;
        });
  }

  /** Runs something on the relay's thread, and waits for the result. */
  <T> T call(Callable<T> question) {
    var task = new FutureTask<>(question);
    tasks.add(task);
    if (closed) {
      // The thread may have ended without seeing it.
      task.cancel(false);
    }
    selector.wakeup();
    try {
      return task.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + thread.getName(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "still waiting after " + ANSWER.toSeconds() + " s for " + thread.getName(), e);
    } catch (CancellationException e) {
      throw new IllegalStateException("the relay is closed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void loop() {
    try {
      while (open) {
        selector.select(
            this::ready, untilDue == NEVER ? 0 : TimeUnit.NANOSECONDS.toMillis(untilDue) + 1);
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        if (untilDue != NEVER) {
          forwardAll();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      closed = true;
      tasks.forEach(it -> it.cancel(false));
    }
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof RelayConnection connection) {
      connection.ready();
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      for (var client = listener.accept(); client != null; client = listener.accept()) {
        connections.add(new RelayConnection(this, client, target));
      }
    } catch (IOException | RuntimeException e) {
      // The client is closed: its target is unknown, or refuses at once.
      log.debug("A connection to {} failed: {}", address, e.toString());
    }
  }

  /** Lets all that is due through, and notes when the next is. */
  private void forwardAll() {
    untilDue = NEVER;
    List.copyOf(connections).forEach(RelayConnection::forward);
  }

  /** Wakes the loop after that many nanoseconds. */
  void wakeAfter(long nanos) {
    untilDue = Math.min(untilDue, nanos);
  }

  /** Returns a little later, and lets the loop forward again at once. */
  void pause() {
    LockSupport.parkNanos(BETWEEN_PIECES.toNanos());
    wakeAfter(0);
    selector.wakeup();
  }

  void forget(RelayConnection connection) {
    connections.remove(connection);
  }

  Selector selector() {
    return selector;
  }

  /** A buffer to read into, free again when the caller returns to the loop. */
  ByteBuffer buffer() {
    return buffer;
  }

  long delayNanos() {
    return delayNanos;
  }

  long replicationDelayNanos() {
    return replicationDelayNanos;
  }

  /** How many bytes leave at a time at most; 0 for all there are. */
  int pieces() {
    return pieces;
  }

  /** What is to be done to a new connection's bytes in one direction. */
  Faults faults(Direction direction) {
    // The first connection that gets to one is its only one.
    Faults faults = new Faults(injections::remove);
    injections.stream().filter(it -> it.direction == direction).forEach(faults::add);
    return faults;
  }

  boolean isStalled(Direction direction) {
    return stalled.contains(direction);
  }

  int connections() {
    return connections.size();
  }

  void stall(Direction direction) {
    stalled.add(direction);
    forwardAll();
  }

  void resume() {
    stalled.clear();
    forwardAll();
  }

  void delay(long nanos) {
    delayNanos = nanos;
    forwardAll();
  }

  void delayReplication(long nanos) {
    replicationDelayNanos = nanos;
    forwardAll();
  }

  void chop(int bytes) {
    pieces = bytes;
    forwardAll();
  }

  /** All of them before another byte passes, so that they are one behind the other. */
  void inject(Direction direction, List<Injection> more) {
    injections.addAll(more);
    connections.forEach(it -> more.forEach(it.faults(direction)::add));
    forwardAll();
  }

  int injections() {
    return injections.size();
  }

  void endFaults() {
    injections.clear();
    for (RelayConnection connection : connections) {
      for (Direction direction : Direction.values()) {
        connection.faults(direction).clear();
      }
    }
  }

  void cut() {
    try {
      listener.close();
      List.copyOf(connections).forEach(RelayConnection::close);
      // A port is free only when the selector has let go of it.
      selector.selectNow(this::ready);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void restore() {
    try {
      if (!listener.isOpen()) {
        listener = listen(address);
        listener.register(selector, SelectionKey.OP_ACCEPT);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() {
    try {
      run(
          () -> {
            cut();
            open = false;
          });
      thread.join(ANSWER.toMillis());
      selector.close();
    } catch (IllegalStateException e) {
      if (!closed) {
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
