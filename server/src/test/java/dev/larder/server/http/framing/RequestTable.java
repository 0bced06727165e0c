package dev.larder.server.http.framing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests of HTTP/1.1 that could be read in two ways or in none, and unusual ones that can be read
 * in one way only. All of them bear a token and go to {@code POST /}, so that nothing but what they
 * are here for is wrong with them.
 */
public final class RequestTable {
  private static final String HOST = "Host: h\r\n";
  private static final String BODY = "[\"PING\"]";
  private static final String LENGTH = "Content-Length: 8\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String CHUNKS = "8\r\n" + BODY + "\r\n0\r\n\r\n";

  private RequestTable() {}

  /** A request, as it goes over the wire, one byte for each character. */
  public record Request(String name, String wire) {
    /** Its bytes. */
    public byte[] bytes() {
      return wire.getBytes(ISO_8859_1);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static String post(String token, String headers, String body) {
    return line(token, "POST / HTTP/1.1", headers, body);
  }

  private static String line(String token, String line, String headers, String body) {
    return line + "\r\nAuthorization: Bearer " + token + "\r\n" + headers + "\r\n" + body;
  }

  /** Those that must be refused. */
  public static List<Request> malformed(String token) {
    var all = new ArrayList<Request>();
    lengths(all, token);
    encodings(all, token);
    headers(all, token);
    lines(all, token);
    chunks(all, token);
    return all;
  }

  private static void lengths(List<Request> all, String token) {
    add(all, "Content-Length and chunked", post(token, HOST + LENGTH + CHUNKED, CHUNKS));
    add(all, "chunked and Content-Length", post(token, HOST + CHUNKED + LENGTH, CHUNKS));
    add(all, "Content-Length twice", post(token, HOST + LENGTH + LENGTH, BODY));
    add(all, "two lengths", post(token, HOST + LENGTH + "Content-Length: 0\r\n", BODY));
    for (String length :
        List.of(
            "8, 8",
            "+8",
            "-8",
            "0x8",
            "8 8",
            "",
            "8.0",
            "8e0",
            "\u00d9\u00a8",
            "8;",
            "\"8\"",
            "1234567890123456789",
            "8\u00008")) {
      add(
          all,
          "Content-Length: " + length,
          post(token, HOST + "Content-Length: " + length + "\r\n", BODY));
    }
  }

  private static void encodings(List<Request> all, String token) {
    for (String encoding :
        List.of(
            "xchunked",
            "identity",
            "chunked, identity",
            "gzip, chunked",
            "chunked, chunked",
            "",
            "\u000bchunked",
            "chunked;q=1",
            "\"chunked\"",
            "chunke",
            "chunkedd")) {
      add(
          all,
          "Transfer-Encoding: " + encoding,
          post(token, HOST + "Transfer-Encoding: " + encoding + "\r\n", CHUNKS));
    }
    add(all, "Transfer-Encoding twice", post(token, HOST + CHUNKED + CHUNKED, CHUNKS));
    add(
        all,
        "chunked and another encoding",
        post(token, HOST + CHUNKED + "Transfer-Encoding: x\r\n", CHUNKS));
    add(
        all,
        "space before the colon",
        post(token, HOST + "Transfer-Encoding : chunked\r\n" + LENGTH, BODY));
    add(
        all,
        "a folded encoding",
        post(token, HOST + LENGTH + "Transfer-Encoding:\r\n chunked\r\n", BODY));
    add(all, "chunked in HTTP/1.0", line(token, "POST / HTTP/1.0", HOST + CHUNKED, CHUNKS));
    add(
        all,
        "a body of an old WebSocket draft",
        post(token, HOST + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n", ""));
  }

  private static void headers(List<Request> all, String token) {
    add(
        all,
        "two Authorizations",
        post(token, HOST + "Authorization: Bearer x\r\n" + LENGTH, BODY));
    add(all, "no Host", post(token, LENGTH, BODY));
    add(all, "Host twice", post(token, HOST + HOST + LENGTH, BODY));
    add(all, "two Hosts", post(token, HOST + "Host: other\r\n" + LENGTH, BODY));
    for (String host :
        List.of(
            "", "a b", "a, b", "a/b", "user@h", "a\\b", "a?b", "<h>", "h:1:2", "h:x", ":1", "[::1",
            "::1", "[::1]h", "a[b]", "h:[1]")) {
      add(all, "Host: " + host, post(token, "Host: " + host + "\r\n" + LENGTH, BODY));
    }
    for (String header :
        List.of(
            "X-A: a\r\n folded",
            "X-A: a\r\n\tfolded",
            "X A: a",
            "X-A\t: a",
            ": a",
            "no colon",
            "X(A): a",
            "X-\u00e4: a",
            "X\u0000A: a",
            "X-A: a\u0000b",
            "X-A: a\u0001b",
            "X-A: a\u007fb",
            "X-A: a\rb",
            "X-A: a\nX-B: b")) {
      add(
          all,
          "header " + header.replaceAll("\\p{Cntrl}", "?"),
          post(token, HOST + header + "\r\n" + LENGTH, BODY));
    }
    add(
        all,
        "a first line that is folded",
        line(token, "POST / HTTP/1.1\r\n X: y", HOST + LENGTH, BODY));
  }

  private static void lines(List<Request> all, String token) {
    for (String line :
        List.of(
            "POST / HTTP/1.2",
            "POST / HTTP/2.0",
            "POST / HTTP/0.9",
            "POST / HTTP/11",
            "POST / HTTP/1.10",
            "POST / http/1.1",
            "POST / HTTP/1.1 ",
            "POST / HTTPS/1.1",
            "POST /",
            "POST  / HTTP/1.1",
            "POST /  HTTP/1.1",
            "POST\t/\tHTTP/1.1",
            " POST / HTTP/1.1",
            "\tPOST / HTTP/1.1",
            "PO ST / HTTP/1.1",
            "PO@ST / HTTP/1.1",
            "POST\u0000 / HTTP/1.1",
            "POST /a b HTTP/1.1",
            "POST /\u0000 HTTP/1.1",
            "POST /\u007f HTTP/1.1",
            "POST / HTTP/1.1\rX: y",
            "\r\n\r\nPOST / HTTP/1.1",
            "\nPOST / HTTP/1.1",
            "\rPOST / HTTP/1.1")) {
      add(
          all,
          "line " + line.replaceAll("\\p{Cntrl}", "?"),
          line(token, line, HOST + LENGTH, BODY));
    }
    add(all, "LF alone", post(token, HOST + LENGTH, BODY).replace("\r\n", "\n"));
    add(
        all,
        "LF alone behind the line",
        post(token, HOST + LENGTH, BODY).replaceFirst("\r\n", "\n"));
    add(
        all,
        "LF alone behind the head",
        post(token, HOST + LENGTH, BODY).replace("\r\n\r\n", "\r\n\n"));
    add(all, "LF CR", post(token, HOST + LENGTH, BODY).replace("\r\n\r\n", "\r\n\n\r"));
  }

  private static void chunks(List<Request> all, String token) {
    for (String chunks :
        List.of(
            "zz\r\n" + BODY,
            "-8\r\n" + BODY,
            "+8\r\n" + BODY,
            "0x8\r\n" + BODY,
            " 8\r\n" + BODY,
            "8 \r\n" + BODY,
            "000000008\r\n" + BODY,
            "80000000\r\n" + BODY,
            "ffffffff\r\n" + BODY,
            "8\n" + BODY,
            "\r\n8\r\n" + BODY,
            "8\r" + BODY,
            "7\r\n" + BODY,
            "9\r\n" + BODY,
            "8\r\n" + BODY + "\n0\r\n\r\n",
            "8\r\n" + BODY + "0\r\n\r\n",
            "8;a\u0001\r\n" + BODY,
            "8;a\nb\r\n" + BODY,
            "8;" + "x".repeat(300) + "\r\n" + BODY,
            "8\r\n" + BODY + "\r\n0\r\nContent-Length: 8\r\n\r\n",
            "8\r\n" + BODY + "\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
            "8\r\n" + BODY + "\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
            "8\r\n" + BODY + "\r\n0\r\nHost: h\r\n\r\n",
            "8\r\n" + BODY + "\r\n0\r\nX-A: a\r\n folded\r\n\r\n",
            "8\r\n" + BODY + "\r\n0\r\nno colon\r\n\r\n",
            "8\r\n" + BODY + "\r\n0\r\n\n")) {
      String shown = chunks.replaceAll("\\p{Cntrl}", "?");
      add(
          all,
          "chunks " + shown.substring(0, Math.min(60, shown.length())),
          post(token, HOST + CHUNKED, chunks));
    }
  }

  /** Those that must be answered. */
  public static List<Request> unusual(String token) {
    var all = new ArrayList<Request>();
    add(
        all,
        "lower-case names",
        post(token, (HOST + LENGTH).toLowerCase(java.util.Locale.ROOT), BODY));
    add(all, "no space behind colons", post(token, (HOST + LENGTH).replace(": ", ":"), BODY));
    add(
        all,
        "much space around values",
        post(token, "Host: \t h \t\r\nContent-Length:  8\t \r\n", BODY));
    add(all, "a length with zeros", post(token, HOST + "Content-Length: 00008\r\n", BODY));
    add(all, "an empty value", post(token, HOST + "X-A:\r\nX-B: \r\n" + LENGTH, BODY));
    add(
        all,
        "bytes beyond ASCII in a value",
        post(token, HOST + "X-A: \u00e4\u00ff\r\n" + LENGTH, BODY));
    add(all, "every mark in a name", post(token, HOST + "!#$%&'*+-.^_`|~9z: a\r\n" + LENGTH, BODY));
    add(all, "a long name", post(token, HOST + "x".repeat(300) + ": a\r\n" + LENGTH, BODY));
    add(all, "a host with a port", post(token, "Host: a.example:8079\r\n" + LENGTH, BODY));
    add(all, "a host of IPv6", post(token, "Host: [::1]:8079\r\n" + LENGTH, BODY));
    add(all, "an empty line first", "\r\n" + post(token, HOST + LENGTH, BODY));
    add(all, "HTTP/1.0", line(token, "POST / HTTP/1.0", LENGTH, BODY));
    add(all, "PUT", line(token, "PUT / HTTP/1.1", HOST + LENGTH, BODY));
    add(all, "GET", line(token, "GET /ping HTTP/1.1", HOST, ""));
    add(all, "GET with a body", line(token, "GET /ping HTTP/1.1", HOST + LENGTH, BODY));
    add(
        all,
        "bytes beyond ASCII in a target",
        line(token, "GET /ping/\u00c3\u00a4 HTTP/1.1", HOST, ""));
    add(all, "chunks", post(token, HOST + CHUNKED, CHUNKS));
    add(
        all,
        "chunked in capitals",
        post(token, HOST + CHUNKED.replace("chunked", "CHUNKED"), CHUNKS));
    add(
        all,
        "small chunks",
        post(token, HOST + CHUNKED, "1\r\n[\r\n6\r\n\"PING\"\r\n01\r\n]\r\n000\r\n\r\n"));
    add(
        all,
        "chunk extensions",
        post(token, HOST + CHUNKED, "8;a=b;c=\"d\"\r\n" + BODY + "\r\n0;x\r\n\r\n"));
    add(
        all,
        "trailers",
        post(token, HOST + CHUNKED, "8\r\n" + BODY + "\r\n0\r\nX-A: a\r\nX-B:\r\n\r\n"));
    return all;
  }

  private static void add(List<Request> all, String name, String wire) {
    all.add(new Request(name, wire));
  }
}
