package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyDepthTest {
  private static final String ERROR =
      "-ERR arrays that are nested more than 31 deep cannot be answered\r\n";

  @ParameterizedTest(name = "in pieces of {0} bytes")
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void passesWhatIsNotTooDeep(int piece) {
    String replies =
        "+OK\r\n:1\r\n$3\r\n*1\r\r\n$-1\r\n$0\r\n\r\n*0\r\n*-1\r\n-ERR *2\r\n*2\r\n*1\r\n:1\r\n:2\r\n";
    String nested = "*1\r\n".repeat(ReplyDepth.DEEPEST) + ":-7\r\n";
    assertThat(passed(piece, replies + nested + nested + replies))
        .isEqualTo(replies + nested + nested + replies);
  }

  @ParameterizedTest(name = "in pieces of {0} bytes")
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void putsAnErrorInThePlaceOfWhatIsTooDeep(int piece) {
    String around = "*3\r\n:1\r\n".repeat(ReplyDepth.DEEPEST);
    String end = "$1\r\nx\r\n".repeat(ReplyDepth.DEEPEST);
    String deep = "*3\r\n*2\r\n*0\r\n$4\r\n*9\r\n\r\n*1\r\n*-1\r\n+OK\r\n";
    assertThat(passed(piece, around + deep + end + "+OK\r\n" + around + "*0\r\n" + end + ":5\r\n"))
        .isEqualTo(around + ERROR + end + "+OK\r\n" + around + ERROR + end + ":5\r\n");
  }

  private static String passed(int piece, String replies) {
    var channel = new EmbeddedChannel(new ReplyDepth());
    for (int at = 0; at < replies.length(); at += piece) {
      String part = replies.substring(at, Math.min(replies.length(), at + piece));
      ByteBuf bytes = Unpooled.copiedBuffer(part, ISO_8859_1);
      channel.writeInbound(bytes);
    }
    var passed = new StringBuilder();
    for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
      passed.append(bytes.toString(ISO_8859_1));
      bytes.release();
    }
    channel.finishAndReleaseAll();
    return passed.toString();
  }
}
