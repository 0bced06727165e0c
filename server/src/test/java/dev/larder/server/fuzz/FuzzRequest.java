package dev.larder.server.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a fuzzing caller sends.
 *
 * @param text what goes over the wire, each character a byte
 * @param requests how many requests that is
 * @param whole whether each is complete, so that each must be answered; what follows is a new one
 */
record FuzzRequest(String text, int requests, boolean whole) {
  byte[] bytes() {
    return text.getBytes(ISO_8859_1);
  }

  /** A request whose body has the length that its head tells. */
  static FuzzRequest whole(String line, String headers, byte[] body) {
    String length = line.startsWith("GET ") ? "" : "Content-Length: " + body.length + "\r\n";
    return whole(line, headers + length + "\r\n", body, 1);
  }

  /** A request whose headers tell where its body ends. */
  static FuzzRequest whole(String line, String headers, byte[] body, int requests) {
    String head = line + " HTTP/1.1\r\nHost: a\r\n" + headers;
    return new FuzzRequest(head + new String(body, ISO_8859_1), requests, true);
  }

  /** Nobody knows where it ends, or whether it does. */
  static FuzzRequest broken(byte[] bytes) {
    return new FuzzRequest(new String(bytes, ISO_8859_1), 1, false);
  }

  /** One behind the other, without waiting for answers. */
  static FuzzRequest pipelined(List<FuzzRequest> requests) {
    return new FuzzRequest(
        requests.stream().map(FuzzRequest::text).collect(Collectors.joining()),
        requests.stream().mapToInt(FuzzRequest::requests).sum(),
        true);
  }

  static byte[] join(List<byte[]> parts) {
    var all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
