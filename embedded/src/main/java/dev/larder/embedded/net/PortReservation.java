package dev.larder.embedded.net;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A TCP port on 127.0.0.1 for one owner, kept while nobody listens on it too: over an engine's kill
 * and restart, against everyone else who reserves. It ends with {@link #close()}, or with this JVM,
 * however that ends.
 *
 * <p>All ports are below those that systems lend to outgoing connections (from 32768): a client
 * that reconnects to a port where nobody listens could otherwise be lent that very port, and
 * connect to itself. The ports of Cluster nodes, those of their buses and all others do not
 * overlap.
 */
public final class PortReservation implements AutoCloseable {
  private static final int FIRST_CLUSTER_PORT = 20_000;
  private static final int FIRST_PORT = 22_700;
  private static final int FIRST_BUS_PORT = 30_000;
  private static final int TRIES = 1_000;

  private final int port;
  // Nothing is received: a UDP port belongs to one process at a time, is given back with it, and is
  // in nobody's way who listens on the TCP port of the same number.
  private final List<DatagramSocket> tokens = new ArrayList<>();

  private PortReservation(int port, int... offsets) throws IOException {
    this.port = port;
    try {
      for (int offset : offsets) {
        take(port + offset);
      }
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void take(int port) throws IOException {
    tokens.add(new DatagramSocket(Loopback.address(port)));
    try (var probe = new ServerSocket()) {
      probe.bind(Loopback.address(port));
    }
  }

  /**
   * Reserves a port on which nobody listens, from 22700 to 29999.
   *
   * @throws IOException if none is found
   */
  public static PortReservation any() throws IOException {
    return reserve(FIRST_PORT, FIRST_BUS_PORT, 0);
  }

  /**
   * Reserves a port for a node of a Cluster, from 20000 to 22699, together with that of its bus,
   * 10000 above.
   *
   * @throws IOException if none is found
   */
  public static PortReservation clusterNode() throws IOException {
    return reserve(FIRST_CLUSTER_PORT, FIRST_PORT, 0, FIRST_BUS_PORT - FIRST_CLUSTER_PORT);
  }

  /** Reserves this port, on which nobody must listen. */
  static PortReservation of(int port) throws IOException {
    return new PortReservation(port, 0);
  }

  private static PortReservation reserve(int first, int end, int... offsets) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return new PortReservation(ThreadLocalRandom.current().nextInt(first, end), offsets);
      } catch (IOException e) {
        if (tries == TRIES) {
          throw new IOException(
              "found no free port on 127.0.0.1 from " + first + " to " + (end - 1), e);
        }
      }
    }
  }

  /** The port. */
  public int port() {
    return port;
  }

  /** Lets others have the port; does nothing the second time. */
  @Override
  public void close() {
    tokens.forEach(DatagramSocket::close);
  }

  @Override
  public String toString() {
    return "port " + port + " on 127.0.0.1";
  }
}
