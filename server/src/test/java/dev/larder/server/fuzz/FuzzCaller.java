package dev.larder.server.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Sends fuzzed requests on a connection that it keeps as long as the node does. */
final class FuzzCaller implements Callable<Map<String, Integer>> {
  private static final int TIMEOUT_MILLIS = 60_000;
  // For what may be waiting for more bytes, as it should.
  private static final int SHORT_TIMEOUT_MILLIS = 250;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) [ -~]*");
  private static final Pattern HEADER = Pattern.compile("([!#-'*+.^-z|~A-Z0-9-]+): ([\t -~]*)");
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern RESP2 = Pattern.compile("[-+:$*].*\r\n", Pattern.DOTALL);

  private final int port;
  private final String token;
  private final FuzzRequests requests;
  private final int share;
  private final Queue<String> wrong;
  private final Map<String, Integer> seen = new TreeMap<>();
  private final List<String> found = new ArrayList<>();
  private Socket socket = new Socket();
  private InputStream in = InputStream.nullInputStream();
  private int nonce;

  FuzzCaller(int port, String token, FuzzRequests requests, int share, Queue<String> wrong) {
    this.port = port;
    this.token = token;
    this.requests = requests;
    this.share = share;
    this.wrong = wrong;
  }

  private record Answer(int status, Map<String, String> headers, String body) {
    boolean isStream() {
      return headers.getOrDefault("content-type", "").startsWith("text/event-stream");
    }

    boolean isLast() {
      return isStream() || headers.getOrDefault("connection", "").equals("close");
    }
  }

  /** Sends its share, and returns how often it saw which status, and lost its connection. */
  @Override
  public Map<String, Integer> call() throws IOException {
    connect();
    for (int sent = 0; sent < share && wrong.size() < 10; ) {
      FuzzRequest request = requests.next();
      sent += request.requests();
      found.clear();
      if (request.whole()) {
        whole(request);
      } else {
        broken(request);
      }
      if (!found.isEmpty()) {
        String text = request.text();
        wrong.add(found + " after " + text.substring(0, Math.min(2000, text.length())));
      }
    }
    socket.close();
    return seen;
  }

  private void whole(FuzzRequest request) throws IOException {
    socket.setSoTimeout(TIMEOUT_MILLIS);
    try {
      socket.getOutputStream().write(request.bytes());
      for (int i = 0; i < request.requests(); i++) {
        Answer answer = read();
        judge(answer);
        if (answer.isLast()) {
          connect();
          return;
        }
      }
    } catch (IOException e) {
      found.add("not answered: " + e);
      connect();
      return;
    }
    echo();
  }

  /** That the next answer is the next request's. */
  private void echo() throws IOException {
    String expected = "nonce-" + ++nonce;
    try {
      socket.getOutputStream().write(echo(expected));
      String body = read().body();
      if (!body.equals("{\"result\":\"" + expected + "\"}")) {
        found.add("answered " + body + " instead of " + expected);
        connect();
      }
    } catch (IOException e) {
      found.add("not answered behind a whole request: " + e);
      connect();
    }
  }

  private byte[] echo(String text) {
    return "GET /echo/%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(text, token)
        .getBytes(ISO_8859_1);
  }

  private void broken(FuzzRequest request) throws IOException {
    String last = "nonce-" + ++nonce;
    socket.setSoTimeout(SHORT_TIMEOUT_MILLIS);
    try {
      socket.getOutputStream().write(request.bytes());
      socket.getOutputStream().write(echo(last));
      for (boolean more = true; more; ) {
        Answer answer = read();
        judge(answer);
        more = !answer.body().contains(last) && !answer.isLast();
      }
    } catch (IOException e) {
      count("ended or silent");
    }
    connect();
  }

  private void judge(Answer answer) {
    count(Integer.toString(answer.status()));
    if (answer.status() >= 500) {
      found.add("answered " + answer.status() + " " + answer.body());
    }
    String type = answer.headers().getOrDefault("content-type", "none");
    if (type.equals("application/json")) {
      try {
        JSON.readTree(answer.body().getBytes(ISO_8859_1));
      } catch (JacksonException e) {
        found.add("not JSON: " + answer.body());
      }
    } else if (type.equals("application/octet-stream")) {
      if (answer.status() != 200 || !RESP2.matcher(answer.body()).matches()) {
        found.add("not RESP2: " + answer);
      }
    } else if (!answer.isStream() && !(type.startsWith("text/plain") && answer.status() == 200)) {
      found.add("answered " + answer);
    }
  }

  private void count(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  private void connect() throws IOException {
    socket.close();
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  private Answer read() throws IOException {
    while (true) {
      String line = line();
      Matcher status = STATUS.matcher(line);
      if (!status.matches()) {
        throw malformed("not a status line: " + line);
      }
      Map<String, String> headers = new HashMap<>();
      for (String next = line(); !next.isEmpty(); next = line()) {
        Matcher header = HEADER.matcher(next);
        if (!header.matches()) {
          throw malformed("not a header: " + next);
        }
        headers.put(header.group(1).toLowerCase(Locale.ROOT), header.group(2));
      }
      int code = Integer.parseInt(status.group(1));
      if (code >= 200) {
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Answer(code, headers, new String(body, ISO_8859_1));
      }
    }
  }

  private IOException malformed(String what) {
    found.add(what);
    return new IOException(what);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed behind '" + line + "'");
      }
      line.append((char) next);
    }
    if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
      throw malformed("a line without CR: " + line);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }
}
