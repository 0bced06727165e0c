package dev.larder.embedded.net;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses on 127.0.0.1. */
public final class Loopback {
  private Loopback() {}

  /** The address of a port. Not {@code getLoopbackAddress}, which may be that of IPv6. */
  public static InetSocketAddress address(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      // Only for arrays that are no address by their length.
      throw new UncheckedIOException(e);
    }
  }
}
