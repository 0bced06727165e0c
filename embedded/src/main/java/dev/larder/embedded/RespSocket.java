package dev.larder.embedded;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Just enough of the Redis protocol to ask an engine how it is, without a client library. */
final class RespSocket implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** The engine understood, and refused. */
  static final class ErrorReply extends IOException {
    private static final long serialVersionUID = 1L;

    ErrorReply(String message) {
      super(message);
    }

    boolean isLoading() {
      return String.valueOf(getMessage()).startsWith("LOADING");
    }
  }

  /** Connects to the loopback port and authenticates, unless the password is empty. */
  RespSocket(int port, String password, Duration timeout) throws IOException {
    socket = new Socket();
    try {
      int millis = Math.toIntExact(timeout.toMillis());
      socket.setSoTimeout(millis);
      socket.connect(loopback(port), millis);
      in = new BufferedInputStream(socket.getInputStream());
      if (!password.isEmpty()) {
        command("AUTH", password);
      }
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Not {@code getLoopbackAddress}, which may be that of IPv6. */
  static InetSocketAddress loopback(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }

  /** Sends one command; the elements of an array come one a line, nil as {@code (nil)}. */
  String command(String... command) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(bytes("*" + command.length + "\r\n"));
    for (String argument : command) {
      byte[] value = bytes(argument);
      out.writeBytes(bytes("$" + value.length + "\r\n"));
      out.writeBytes(value);
      out.writeBytes(bytes("\r\n"));
    }
    socket.getOutputStream().write(out.toByteArray());
    return reply();
  }

  private String reply() throws IOException {
    String line = line();
    String rest = line.isEmpty() ? "" : line.substring(1);
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+', ':' -> rest;
      case '-' -> throw new ErrorReply(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> throw new IOException("not a reply of Redis: " + line);
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return "(nil)";
    }
    byte[] value = in.readNBytes(length + 2);
    if (value.length < length + 2) {
      throw new EOFException("the engine closed the connection in the middle of a reply");
    }
    return new String(value, 0, length, StandardCharsets.UTF_8);
  }

  private String array(int length) throws IOException {
    if (length < 0) {
      return "(nil)";
    }
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      elements.add(reply());
    }
    return String.join("\n", elements);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the engine closed the connection");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
