package dev.larder.server.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.larder.server.fuzz.StrangeReply.Then;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands before a real engine and passes on what it says, but for values: a GET, alone or in a
 * transaction, of a key with {@code /strange/} in its name is answered with whatever {@link
 * StrangeReply} thinks of, and of any other with the key and {@code =value}.
 */
final class StrangeEngine implements AutoCloseable {
  /** For so long it stands still, at most. */
  private static final Duration STILL = Duration.ofMillis(700);

  private final int real;
  private final long seed;
  private final ServerSocket server;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch tame = new CountDownLatch(1);

  /**
   * Listens on a free port.
   *
   * @param real the port of the real engine
   * @param seed of what it thinks of
   */
  StrangeEngine(int real, long seed) {
    this.real = real;
    this.seed = seed;
    try {
      server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept, "strange-engine");
  }

  private static void start(Runnable work, String name) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  String uri() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  /** From now on all its replies are plain ones. */
  void behave() {
    tame.countDown();
  }

  /** How many connections stand of those on which it sent what nobody asked for. */
  long connectionsPushedTo() {
    return connections.stream().filter(it -> it.pushed).count();
  }

  /** Sends on every connection what nobody asked for. */
  void push(String reply) {
    for (Connection connection : connections) {
      connection.push(reply.getBytes(ISO_8859_1));
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        start(new Connection(server.accept()), "strange-connection");
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  @Override
  public void close() {
    behave();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(Connection::hangUp);
  }

  private final class Connection implements Runnable {
    private final Socket client;
    private final Object writing = new Object();
    private volatile boolean pushed;

    Connection(Socket client) {
      this.client = client;
      connections.add(this);
    }

    @Override
    public void run() {
      try (client;
          Socket engine = new Socket(InetAddress.getLoopbackAddress(), real)) {
        client.setTcpNoDelay(true);
        engine.setTcpNoDelay(true);
        serve(
            new BufferedInputStream(client.getInputStream()),
            new BufferedInputStream(engine.getInputStream()),
            engine.getOutputStream());
      } catch (IOException gone) {
        // As connections go.
      } finally {
        connections.remove(this);
      }
    }

    private void serve(InputStream commands, InputStream replies, OutputStream toEngine)
        throws IOException {
      List<String> queued = null;
      while (true) {
        var raw = new ByteArrayOutputStream();
        List<String> words = command(commands, raw);
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (name.equals("MULTI")) {
          queued = new ArrayList<>();
          write("+OK\r\n".getBytes(ISO_8859_1));
        } else if (name.equals("EXEC") && queued != null) {
          write(("*" + queued.size() + "\r\n").getBytes(ISO_8859_1));
          for (String key : queued) {
            if (!answer(key)) {
              return;
            }
          }
          queued = null;
        } else if (queued != null) {
          queued.add(words.get(1));
          write("+QUEUED\r\n".getBytes(ISO_8859_1));
        } else if (name.equals("GET")) {
          if (!answer(words.get(1))) {
            return;
          }
        } else {
          toEngine.write(raw.toByteArray());
          var reply = new ByteArrayOutputStream();
          copyReply(replies, reply);
          write(reply.toByteArray());
        }
      }
    }

    /** Whether the connection goes on. */
    private boolean answer(String key) throws IOException {
      boolean strange = key.contains("/strange/") && tame.getCount() > 0;
      StrangeReply reply =
          strange
              ? StrangeReply.any(key, new Random(seed * 31 + key.hashCode()))
              : StrangeReply.plain(key);
      write(reply.text().getBytes(ISO_8859_1));
      if (reply.then() == Then.STAND_STILL) {
        try {
          var unused = tame.await(STILL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return reply.then() == Then.GO_ON;
    }

    private void write(byte[] bytes) throws IOException {
      synchronized (writing) {
        client.getOutputStream().write(bytes);
      }
    }

    void push(byte[] bytes) {
      pushed = true;
      try {
        write(bytes);
      } catch (IOException gone) {
        hangUp();
      }
    }

    void hangUp() {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<String> command(InputStream in, ByteArrayOutputStream raw)
      throws IOException {
    int count = Integer.parseInt(line(in, raw).substring(1));
    var words = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      int length = Integer.parseInt(line(in, raw).substring(1));
      byte[] word = in.readNBytes(length + 2);
      raw.write(word);
      words.add(new String(word, 0, length, ISO_8859_1));
    }
    return words;
  }

  private static void copyReply(InputStream in, ByteArrayOutputStream raw) throws IOException {
    String line = line(in, raw);
    int number = "*$".indexOf(line.charAt(0)) < 0 ? -1 : Integer.parseInt(line.substring(1));
    if (line.charAt(0) == '$' && number >= 0) {
      raw.write(in.readNBytes(number + 2));
    }
    for (int i = 0; line.charAt(0) == '*' && i < number; i++) {
      copyReply(in, raw);
    }
  }

  private static String line(InputStream in, ByteArrayOutputStream raw) throws IOException {
    var line = new StringBuilder();
    for (int letter = in.read(); letter != '\n'; letter = in.read()) {
      if (letter < 0) {
        throw new EOFException("hung up behind '" + line + "'");
      }
      raw.write(letter);
      line.append((char) letter);
    }
    raw.write('\n');
    return line.substring(0, line.length() - 1);
  }
}
