package dev.larder.server.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Requests that begin as valid ones, so that they get far, and are then changed at one of all the
 * places where that can be done. The same seed makes the same requests.
 */
final class FuzzRequests {
  private static final String[] FORMS = {"/", "/pipeline", "/multi-exec"};
  private static final String[] PATHS = {
    "/",
    "/pipeline",
    "/multi-exec",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/subscribe/a",
    "/psubscribe/*",
    "/monitor",
    "/publish/a",
    "/v1/x",
    "*",
    "//",
    "http://a/get/a",
    "/../get/a"
  };
  private static final String[] HEADERS = {
    "Upstash-Encoding: base64",
    "Upstash-Encoding: BASE64 ",
    "Upstash-Response-Format: resp2",
    "upstash-sync-token: 1-2",
    "X-Request-Id: %s",
    "Accept: text/event-stream",
    "Accept-Encoding: gzip, br",
    "Content-Type: %s",
    "Content-Encoding: gzip",
    "Connection: keep-alive",
    "Connection: %s",
    "Expect: 100-continue",
    "Upgrade: websocket",
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s",
    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    "Host: %s",
    "Origin: %s",
    "Cookie: %s",
    "Authorization: %s",
    "Authorization: Bearer %s",
    "X-Forwarded-For: %s"
  };
  private static final byte[][] FOREIGN = {
    bytes("*1\r\n$8\r\nFLUSHALL\r\n"),
    bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"),
    bytes("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"),
    bytes("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n"),
    bytes("\r\n\r\n\r\n"),
    bytes("GET /get/a\r\n\r\n"),
    bytes("GET /get/a HTTP/1.1\r\n folded\r\n\r\n"),
    bytes("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"),
    bytes("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    bytes("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n"),
    bytes("POST / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
  };

  private final Random random;
  private final FuzzCommands commands;
  private final String auth;

  FuzzRequests(long seed, String token) {
    this.random = new Random(seed);
    this.commands = new FuzzCommands(random);
    this.auth = "Authorization: Bearer " + token + "\r\n";
  }

  FuzzRequest next() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> json();
      case 3, 4, 5 -> changedBody();
      case 6, 7 -> strangeJson();
      case 8, 9, 10 -> path();
      case 11, 12 -> headers();
      case 13, 14 -> chunked();
      case 15 -> deepReply();
      case 16 -> tooLarge();
      case 17, 18 -> pipelined();
      default -> random.nextInt(3) > 0 ? path() : broken();
    };
  }

  private FuzzRequest json() {
    String form = FORMS[random.nextInt(FORMS.length)];
    return post(form, bytes(body(form)));
  }

  private FuzzRequest post(String path, byte[] body) {
    String base64 = random.nextBoolean() ? "Upstash-Encoding: base64\r\n" : "";
    return FuzzRequest.whole("POST " + path, auth + base64, body);
  }

  private String body(String form) {
    return form.equals("/")
        ? commands.json()
        : IntStream.rangeClosed(0, random.nextInt(12))
            .mapToObj(i -> commands.json())
            .collect(Collectors.joining(",", "[", "]"));
  }

  private FuzzRequest changedBody() {
    String form = FORMS[random.nextInt(FORMS.length)];
    return post(form, change(bytes(body(form))));
  }

  /** Flips, drops, doubles or inserts some bytes, or cuts all behind them off. */
  private byte[] change(byte[] from) {
    byte[] bytes = from.clone();
    for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      byte[] head = Arrays.copyOf(bytes, at);
      byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = FuzzRequest.join(List.of(head, drop(tail)));
        case 3 -> bytes = FuzzRequest.join(List.of(head, tail, tail));
        case 4 -> {
          var some = new byte[1 + random.nextInt(4)];
          random.nextBytes(some);
          bytes = FuzzRequest.join(List.of(head, some, tail));
        }
        default -> bytes = random.nextInt(4) == 0 ? head : bytes;
      }
    }
    return bytes;
  }

  private byte[] drop(byte[] tail) {
    return Arrays.copyOfRange(tail, 1 + random.nextInt(tail.length), tail.length);
  }

  private FuzzRequest strangeJson() {
    String form = FORMS[random.nextInt(FORMS.length)];
    String[] pieces = {
      "[",
      "]",
      "{",
      "}",
      ",",
      ":",
      "null",
      "true",
      "false",
      "\"\\ud800\"",
      "\"\\u0000\"",
      "\"",
      "\\",
      "1e999999",
      "-0",
      "00",
      "1.",
      ".5",
      "-",
      "9".repeat(400),
      "\"\\x\"",
      " ",
      "\ufeff",
      "[[]]",
      "[".repeat(1 + random.nextInt(5000)),
      "\"GET\"",
      "\"a\"",
      "\"\u00e9\"",
      "\"\\u00\""
    };
    var body = new StringBuilder(random.nextBoolean() ? "" : "[[\"GET\",\"a\"],");
    for (int count = random.nextInt(10); count > 0; count--) {
      body.append(pieces[random.nextInt(pieces.length)]);
      body.append(random.nextInt(3) == 0 ? "" : ",");
    }
    return post(form, (random.nextBoolean() ? body + "]" : body + "").getBytes(UTF_8));
  }

  private FuzzRequest path() {
    boolean posted = random.nextBoolean();
    String path =
        random.nextInt(5) == 0
            ? PATHS[random.nextInt(PATHS.length)]
            : "/" + String.join("/", commands.words().stream().map(this::encoded).toList());
    if (random.nextInt(3) == 0) {
      path += "?" + encoded(commands.word()) + "=" + encoded(commands.word());
    }
    if (random.nextInt(4) == 0) {
      int at = random.nextInt(path.length());
      path = path.substring(0, at) + (char) ('!' + random.nextInt(94)) + path.substring(at);
    }
    var body = new byte[posted ? random.nextInt(20) : 0];
    random.nextBytes(body);
    return FuzzRequest.whole((posted ? "POST " : "GET ") + path, auth, body);
  }

  private String encoded(String word) {
    var encoded = new StringBuilder();
    for (byte letter : word.getBytes(UTF_8)) {
      boolean plain = letter > ' ' && letter < 127 && "%/?#&=".indexOf(letter) < 0;
      if (plain && random.nextInt(50) > 0) {
        encoded.append((char) letter);
      } else {
        encoded.append(random.nextInt(60) == 0 ? "%" : "%%%02x".formatted(letter & 0xFF));
      }
    }
    return encoded.toString();
  }

  private FuzzRequest headers() {
    var headers = new StringBuilder(random.nextInt(5) == 0 ? "" : auth);
    for (int count = random.nextInt(6); count > 0; count--) {
      var value = new byte[random.nextInt(30)];
      random.nextBytes(value);
      String text = new String(value, ISO_8859_1).replaceAll("[\r\n]", "");
      headers.append(HEADERS[random.nextInt(HEADERS.length)].replace("%s", text)).append("\r\n");
    }
    String form = FORMS[random.nextInt(FORMS.length)];
    return FuzzRequest.whole("POST " + form, headers.toString(), bytes(body(form)));
  }

  private FuzzRequest chunked() {
    String form = FORMS[random.nextInt(FORMS.length)];
    byte[] body = bytes(body(form));
    var chunks = new StringBuilder();
    for (int at = 0; at < body.length; ) {
      int length = Math.min(body.length - at, 1 + random.nextInt(40));
      chunks.append(Integer.toHexString(length)).append(random.nextInt(9) == 0 ? ";x=y" : "");
      chunks.append("\r\n").append(new String(body, at, length, ISO_8859_1)).append("\r\n");
      at += length;
    }
    chunks.append(random.nextInt(9) == 0 ? "0\r\nTrailer: x\r\n\r\n" : "0\r\n\r\n");
    String headers = auth + "Transfer-Encoding: chunked\r\n\r\n";
    byte[] sent = chunks.toString().getBytes(ISO_8859_1);
    if (random.nextInt(8) == 0) {
      byte[] head = bytes("POST " + form + " HTTP/1.1\r\nHost: a\r\n" + headers);
      return FuzzRequest.broken(FuzzRequest.join(List.of(head, change(sent))));
    }
    return FuzzRequest.whole("POST " + form, headers, sent, 1);
  }

  /** Tables in tables, more deeply than any client of the engine reckons with. */
  private FuzzRequest deepReply() {
    int depth = 1 + random.nextInt(random.nextInt(10) == 0 ? 900 : 40);
    String script =
        "local t={1} for i=2,%d do t={%s} end return t"
            .formatted(depth, random.nextBoolean() ? "t" : "i,t,'x'");
    String command = "[\"EVAL\",\"" + script + "\",0]";
    String form = FORMS[random.nextInt(FORMS.length)];
    return post(form, bytes(form.equals("/") ? command : "[" + command + ",[\"GET\",\"a\"]]"));
  }

  private FuzzRequest tooLarge() {
    return random.nextInt(20) > 0
        ? json()
        : post("/set/a", new byte[FuzzSoak.LIMIT - 50 + random.nextInt(100)]);
  }

  private FuzzRequest pipelined() {
    List<FuzzRequest> requests = new ArrayList<>();
    for (int count = 2 + random.nextInt(12); count > 0; count--) {
      requests.add(random.nextBoolean() ? json() : changedBody());
    }
    return FuzzRequest.pipelined(requests);
  }

  private FuzzRequest broken() {
    return FuzzRequest.broken(
        random.nextInt(3) == 0 ? FOREIGN[random.nextInt(FOREIGN.length)] : change(json().bytes()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
