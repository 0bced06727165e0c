package dev.larder.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One connection on which a test says exactly what it wants to, right or wrong, and keeps it alive.
 */
public final class RawHttp implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** What came back; names of headers in lower case. */
  public record Response(int status, Map<String, String> headers, String body) {}

  public RawHttp(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      timeout(Duration.ofSeconds(60));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long an answer is waited for. */
  public RawHttp timeout(Duration timeout) {
    try {
      socket.setSoTimeout((int) timeout.toMillis());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends text as it stands, each character a byte. */
  public RawHttp write(String text) {
    return write(text.getBytes(ISO_8859_1));
  }

  public RawHttp write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says that nothing more will be sent, and goes on to read. */
  public RawHttp finishSending() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request with a body as it should be sent. */
  public RawHttp post(String path, String token, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    byte[] head =
        ("POST "
                + path
                + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + token
                + "\r\nContent-Length: "
                + bytes.length
                + "\r\n\r\n")
            .getBytes(ISO_8859_1);
    var request = new byte[head.length + bytes.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(bytes, 0, request, head.length, bytes.length);
    return write(request);
  }

  /**
   * Reads one answer.
   *
   * @throws UncheckedIOException if there is none: with {@link java.net.SocketTimeoutException} in
   *     time, with {@link EOFException} if the connection was closed
   */
  public Response read() {
    try {
      String[] first = line().split(" ", 3);
      Map<String, String> headers = new LinkedHashMap<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      return new Response(
          Integer.parseInt(first[1]), headers, new String(in.readNBytes(length), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed behind '" + line + "'");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** All that comes until the connection is closed. */
  public String rest() {
    try {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether nothing has come yet that was not read. */
  public boolean silent() {
    try {
      return in.available() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
