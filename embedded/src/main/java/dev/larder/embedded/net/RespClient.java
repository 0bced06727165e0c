package dev.larder.embedded.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an engine on 127.0.0.1, speaking RESP2: for those who start engines and must ask
 * them how they are without a client library. Every call ends within the timeout; after one that
 * did not answer in time the connection is closed. For one thread at a time.
 *
 * <pre>{@code
 * try (var engine = RespClient.connect(port, it -> it.password(password))) {
 *   engine.text("SET", "a", "1");
 * }
 * }</pre>
 */
public final class RespClient implements AutoCloseable {
  private final Charset charset;
  private final Duration timeout;
  private final Socket transport = new Socket();
  private final Socket socket;
  private final InputStream in;

  /** How to connect; without any: no password, no TLS, text in UTF-8, five seconds a call. */
  public static final class Options {
    private String user = "";
    private String password = "";
    private Charset charset = UTF_8;
    private Duration timeout = Duration.ofSeconds(5);
    private @Nullable SSLContext tls;

    private Options() {}

    /** The user to authenticate as; without one, the default user. Counts with a password only. */
    public Options user(String user) {
      this.user = user;
      return this;
    }

    /** The password to authenticate with; empty for none. */
    public Options password(String password) {
      this.password = password;
      return this;
    }

    /** Each byte a char from 0 to 255, either way, so that keys and values of any kind pass. */
    public Options binary() {
      charset = ISO_8859_1;
      return this;
    }

    /** How long connecting, and then each command, may take. */
    public Options timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** Speaks TLS; whose certificates are trusted is up to the context, names are not checked. */
    public Options tls(@Nullable SSLContext tls) {
      this.tls = tls;
      return this;
    }
  }

  private RespClient(int port, Options options) throws IOException {
    charset = options.charset;
    timeout = options.timeout;
    try {
      socket = bounded(() -> open(port, options.tls));
      in = new BufferedInputStream(socket.getInputStream());
      if (!options.password.isEmpty()) {
        text(
            options.user.isEmpty()
                ? new String[] {"AUTH", options.password}
                : new String[] {"AUTH", options.user, options.password});
      }
    } catch (IOException | RuntimeException | Error e) {
      transport.close();
      throw e;
    }
  }

  private Socket open(int port, @Nullable SSLContext tls) throws IOException {
    transport.setTcpNoDelay(true);
    transport.connect(Loopback.address(port));
    return tls == null
        ? transport
        : tls.getSocketFactory().createSocket(transport, "127.0.0.1", port, true);
  }

  /**
   * Connects to a port without a password.
   *
   * @throws IOException if nobody answers there
   */
  public static RespClient connect(int port) throws IOException {
    return connect(port, it -> {});
  }

  /**
   * Connects to a port, and authenticates where a password is given.
   *
   * @throws RespError if the password is refused
   * @throws IOException if nobody answers there
   */
  public static RespClient connect(int port, Consumer<Options> options) throws IOException {
    var chosen = new Options();
    options.accept(chosen);
    return new RespClient(port, chosen);
  }

  /**
   * Runs one command; the elements of an array come one a line, nil as {@code (nil)}.
   *
   * @throws RespError if the engine answers an error
   * @throws SocketTimeoutException if it does not answer in time
   * @throws IOException if the connection fails
   */
  public String text(String... command) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String value : call(command)) {
      lines.add(Objects.requireNonNullElse(value, "(nil)"));
    }
    return String.join("\n", lines);
  }

  /**
   * Runs one command; the elements of an array come each by itself, those of nested arrays in their
   * place, and nils are left out. A reply that is no array is a list of one.
   *
   * @throws RespError if the engine answers an error, or an array with one
   * @throws SocketTimeoutException if it does not answer in time
   * @throws IOException if the connection fails
   */
  public List<String> list(String... command) throws IOException {
    return call(command).stream().filter(Objects::nonNull).toList();
  }

  private List<@Nullable String> call(String... command) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(bytes("*" + command.length + "\r\n"));
    for (String argument : command) {
      byte[] value = bytes(argument);
      out.writeBytes(bytes("$" + value.length + "\r\n"));
      out.writeBytes(value);
      out.writeBytes(bytes("\r\n"));
    }
    List<@Nullable String> values = new ArrayList<>();
    @Nullable RespError error =
        bounded(
            () -> {
              socket.getOutputStream().write(out.toByteArray());
              return read(values);
            });
    if (error != null) {
      throw error;
    }
    return values;
  }

  /** Closes the connection under a call that takes too long: reads and writes alike. */
  private <T extends @Nullable Object> T bounded(Callable<T> call) throws IOException {
    var late = new AtomicBoolean();
    var close =
        CompletableFuture.runAsync(
            () -> {
              late.set(true); // first: the call fails as soon as it is closed
              closeTransport();
            },
            CompletableFuture.delayedExecutor(
                timeout.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
    try {
      return call.call();
    } catch (IOException e) {
      if (late.get()) {
        var timedOut = new SocketTimeoutException("no answer within " + timeout);
        timedOut.initCause(e);
        throw timedOut;
      }
      throw e;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    } finally {
      close.cancel(false);
    }
  }

  private void closeTransport() {
    try {
      transport.close();
    } catch (IOException e) {
      // What was waiting fails all the same.
    }
  }

  /** Reads a whole reply, so that the next one begins where it should; returns its first error. */
  private @Nullable RespError read(List<@Nullable String> into) throws IOException {
    String line = line();
    String rest = line.isEmpty() ? "" : line.substring(1);
    switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+', ':' -> into.add(rest);
      case '-' -> {
        return new RespError(rest);
      }
      case '$' -> into.add(bulk(Integer.parseInt(rest)));
      case '*' -> {
        return array(Integer.parseInt(rest), into);
      }
      default -> throw new IOException("not a reply of Redis: " + line);
    }
    return null;
  }

  private @Nullable RespError array(int length, List<@Nullable String> into) throws IOException {
    if (length < 0) {
      into.add(null);
    }
    RespError first = null;
    for (int i = 0; i < length; i++) {
      RespError error = read(into);
      first = first == null ? error : first;
    }
    return first;
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] value = in.readNBytes(length + 2);
    if (value.length < length + 2) {
      throw new EOFException("the engine closed the connection in the middle of a reply");
    }
    return new String(value, 0, length, charset);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the engine closed the connection");
      }
      line.write(b);
    }
    return line.toString(charset).stripTrailing();
  }

  private byte[] bytes(String text) {
    return text.getBytes(charset);
  }

  /** Closes the connection; does nothing the second time. */
  @Override
  public void close() {
    closeTransport();
  }
}
