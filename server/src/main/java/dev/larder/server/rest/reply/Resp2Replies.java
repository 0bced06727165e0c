package dev.larder.server.rest.reply;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.lettuce.link.LettuceClients;
import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes replies as RESP2, as the engine sent them; those of a pipeline as one array. */
final class Resp2Replies extends Replies {
  private static final CharSequence OCTETS =
      HttpHeaders.createOptimized("application/octet-stream");
  private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] NIL = "$-1\r\n".getBytes(US_ASCII);

  @Override
  public CharSequence type() {
    return OCTETS;
  }

  @Override
  public void openList(int size) {
    number('*', size);
  }

  @Override
  public void closeList() {}

  @Override
  public void openResult() {}

  @Override
  public void closeResult() {}

  @Override
  public void error(String message) {
    put('-');
    put(message.replaceAll("[\r\n]", " ").getBytes(UTF_8));
    put(LINE_END);
  }

  @Override
  public void integer(long value) {
    number(':', value);
  }

  @Override
  public void string(@Nullable ByteBuffer bytes, boolean topLevel) {
    if (bytes == null) {
      put(NIL);
    } else if (LettuceClients.isStatus(bytes)) {
      put('+');
      put(bytes);
      put(LINE_END);
    } else {
      number('$', bytes.remaining());
      put(bytes);
      put(LINE_END);
    }
  }

  private void number(char type, long value) {
    put(type);
    put(Long.toString(value).getBytes(US_ASCII));
    put(LINE_END);
  }
}
