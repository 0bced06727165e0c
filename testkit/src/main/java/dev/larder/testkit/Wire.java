package dev.larder.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A connection to an engine of a topology. Unlike {@link RedisProcess#command} it keeps arrays
 * apart and bytes whole, a char a byte, so that keys of any kind can be moved; and it is impatient,
 * for those that ask may ask again.
 */
final class Wire implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  Wire(RedisProcess process) {
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), process.port()),
          TIMEOUT_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  /** Asks once, on a connection of its own. */
  static String ask(RedisProcess process, String... command) {
    try (var wire = new Wire(process)) {
      return wire.text(command);
    }
  }

  /** The reply to one command that answers one value; nil is empty. */
  String text(String... command) {
    return String.join("\n", list(command));
  }

  /**
   * The reply to one command, nested arrays flattened.
   *
   * @throws UncheckedIOException if the engine answers an error, or not at all
   */
  List<String> list(String... command) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(("*" + command.length + "\r\n").getBytes(ISO_8859_1));
    for (String argument : command) {
      byte[] bytes = argument.getBytes(ISO_8859_1);
      out.writeBytes(("$" + bytes.length + "\r\n").getBytes(ISO_8859_1));
      out.writeBytes(bytes);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    List<String> reply = new ArrayList<>();
    try {
      socket.getOutputStream().write(out.toByteArray());
      read(reply);
    } catch (IOException e) {
      String name = String.join(" ", List.of(command).subList(0, Math.min(4, command.length)));
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
    return reply;
  }

  private void read(List<String> into) throws IOException {
    String line = line();
    switch (line.charAt(0)) {
      case '+', ':' -> into.add(line.substring(1));
      case '$' -> bulk(Integer.parseInt(line.substring(1)), into);
      case '*' -> {
        for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
          read(into);
        }
      }
      default -> throw new IOException(line);
    }
  }

  private void bulk(int length, List<String> into) throws IOException {
    if (length >= 0) {
      byte[] value = in.readNBytes(length + 2);
      if (value.length < length + 2) {
        throw new EOFException("the engine closed the connection");
      }
      into.add(new String(value, 0, length, ISO_8859_1));
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the engine closed the connection");
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  /** The value of a field of INFO, empty if there is none. */
  static String field(String info, String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return info.lines()
        .filter(it -> it.startsWith(start))
        .map(it -> it.substring(start.length()).strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
