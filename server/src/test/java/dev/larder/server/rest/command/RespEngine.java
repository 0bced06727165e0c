package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.rest.request.CommandBatch;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine behind the dialect, spoken to in RESP2, whose replies show their exact shape: {@code
 * ["a", 1, nil, OK, -ERR no]}. Commands are words between single spaces; each letter is a byte.
 */
final class RespEngine implements Closeable {
  private final Socket socket;
  private final InputStream in;
  private final Engine engine;
  private final Dialect dialect;
  private final CommandTable table;

  RespEngine(String uri) {
    try (var redis = LettuceRedis.connect(RedisUri.parse(uri))) {
      engine = Engine.detect(redis);
    }
    dialect = new Dialect(engine);
    table = new CommandTable(engine, dialect);
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(uri).getPort());
      socket.setSoTimeout(60_000);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Engine engine() {
    return engine;
  }

  /** The reply to a command that takes the way of a request. */
  String run(String command) {
    CommandBatch batch = batch(command);
    CommandRule rule = table.rule(batch, 0);
    String refused =
        rule.refusal() != null ? rule.refusal() : dialect.misfit(rule.name(), batch.arity(0));
    if (refused != null) {
      return '-' + refused;
    }
    byte[][] words =
        rule.kind() == CommandRule.Kind.DIALECT ? dialect.translated(rule.name(), batch, 0) : null;
    return words == null ? plain(command) : send(List.of(words));
  }

  /** The reply of the engine itself. */
  String plain(String command) {
    CommandBatch batch = batch(command);
    var words = new ArrayList<byte[]>();
    for (int word = 0; word < batch.arity(0); word++) {
      words.add(batch.bytes(0, word));
    }
    return send(words);
  }

  private String send(List<byte[]> words) {
    try {
      var request = new ByteArrayOutputStream();
      request.write(("*" + words.size() + "\r\n").getBytes(ISO_8859_1));
      for (byte[] word : words) {
        request.write(("$" + word.length + "\r\n").getBytes(ISO_8859_1));
        request.write(word);
        request.write("\r\n".getBytes(ISO_8859_1));
      }
      socket.getOutputStream().write(request.toByteArray());
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String reply() throws IOException {
    String line = line();
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+', ':' -> {
        return rest;
      }
      case '-' -> {
        return line;
      }
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length < 0) {
          return "nil";
        }
        String text = new String(in.readNBytes(length), ISO_8859_1);
        in.readNBytes(2);
        return '"' + text + '"';
      }
      case '*' -> {
        int length = Integer.parseInt(rest);
        if (length < 0) {
          return "nil";
        }
        var elements = new ArrayList<String>();
        for (int i = 0; i < length; i++) {
          elements.add(reply());
        }
        return elements.toString();
      }
      default -> throw new IOException("not RESP2: " + line);
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int letter = in.read(); letter != '\r'; letter = in.read()) {
      if (letter < 0) {
        throw new IOException("the engine hung up behind " + line);
      }
      line.append((char) letter);
    }
    in.read();
    return line.toString();
  }

  private static CommandBatch batch(String command) {
    return batch(command.getBytes(ISO_8859_1));
  }

  /** A command whose words have a space between them. */
  static CommandBatch batch(byte[] data) {
    var batch = new CommandBatch(data, data.length);
    batch.command();
    int start = 0;
    for (int at = 0; at <= data.length; at++) {
      if (at == data.length || data[at] == ' ') {
        batch.argument(start, at);
        start = at + 1;
      }
    }
    return batch;
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
