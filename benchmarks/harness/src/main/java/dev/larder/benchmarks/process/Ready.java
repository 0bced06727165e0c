package dev.larder.benchmarks.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** How one sees that a server which was started can be used. */
@FunctionalInterface
public interface Ready {
  /** Whether it can be used now; {@code output} holds what it has printed so far. */
  boolean isReady(Path output);

  /** It accepts connections on this port of the loopback address. */
  static Ready onPort(int port) {
    return output -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        return true;
      } catch (IOException e) {
        return false;
      }
    };
  }

  /** It has printed this line. */
  static Ready onLine(String line) {
    return output -> {
      try (var lines = Files.lines(output)) {
        return lines.anyMatch(line::equals);
      } catch (IOException e) {
        return false;
      }
    };
  }

  /**
   * A port that was free a moment ago.
   *
   * @throws BenchException if there is none
   */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchException("no free port: " + e.getMessage(), e);
    }
  }
}
