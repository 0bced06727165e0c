package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyFormatTest {
  private static final int LONGEST = 2000;
  private static final String ERROR =
      "-ERR arrays that are nested more than 31 deep cannot be answered\r\n";

  @ParameterizedTest(name = "in pieces of {0} bytes")
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void passesWhatIsNotTooDeep(int piece) {
    String replies =
        "+OK\r\n:1\r\n$3\r\n*1\r\r\n$-1\r\n$0\r\n\r\n*0\r\n*-1\r\n-ERR *2\r\n*2\r\n*1\r\n:1\r\n:2\r\n";
    String nested = "*1\r\n".repeat(ReplyFormat.DEEPEST) + ":-7\r\n";
    assertThat(passed(piece, replies + nested + nested + replies))
        .isEqualTo(replies + nested + nested + replies);
  }

  @ParameterizedTest(name = "in pieces of {0} bytes")
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void putsAnErrorInThePlaceOfWhatIsTooDeep(int piece) {
    String around = "*3\r\n:1\r\n".repeat(ReplyFormat.DEEPEST);
    String end = "$1\r\nx\r\n".repeat(ReplyFormat.DEEPEST);
    String deep = "*3\r\n*2\r\n*0\r\n$4\r\n*9\r\n\r\n*1\r\n*-1\r\n+OK\r\n";
    assertThat(passed(piece, around + deep + end + "+OK\r\n" + around + "*0\r\n" + end + ":5\r\n"))
        .isEqualTo(around + ERROR + end + "+OK\r\n" + around + ERROR + end + ":5\r\n");
  }

  @ParameterizedTest(name = "in pieces of {0} bytes")
  @ValueSource(ints = {1, 2, 3, 7, 100, 1000})
  void putsAnErrorInThePlaceOfAStringThatIsTooLong(int piece) {
    String fits = "$" + LONGEST + "\r\n" + "x".repeat(LONGEST) + "\r\n";
    String tooLong = "$" + (LONGEST + 1) + "\r\n" + "$1\r\n".repeat(LONGEST / 4) + "y\r\n";
    String error = "-ERR a string was not taken, as it has more than 2000 bytes\r\n";
    assertThat(passed(piece, "+OK\r\n" + tooLong + fits + "*2\r\n" + tooLong + ":1\r\n" + tooLong))
        .isEqualTo("+OK\r\n" + error + fits + "*2\r\n" + error + ":1\r\n" + error);
    assertThat(passed(piece, tooLong + tooLong + "$-1\r\n" + tooLong + "$0\r\n\r\n"))
        .isEqualTo(error + error + "$-1\r\n" + error + "$0\r\n\r\n");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refusesWhatIsNoReply(String bytes) {
    assertThatThrownBy(() -> passed(1000, "+OK\r\n" + bytes))
        .isInstanceOf(CorruptedFrameException.class);
    assertThatThrownBy(() -> passed(1, bytes)).isInstanceOf(CorruptedFrameException.class);
  }

  static List<String> refusesWhatIsNoReply() {
    return List.of(
        "OK\r\n",
        ">1\r\n+OK\r\n",
        "+OK\n",
        "+OK\r+OK\n",
        "+OK\rX+OK\r\n",
        "-ERR\nX\r\n",
        ":1\n",
        ":1\r\r\n",
        ":\r\n",
        ":-\r\n",
        ":1-\r\n",
        "$x\r\n",
        "$3\r\nfour\r\n",
        "$4\r\nfou\r\n+OK\r\n",
        "$4\r\nfour\r\r\n",
        "$-2\r\n",
        "$2147483648\r\n",
        "*99999999999999999999\r\n");
  }

  private static String passed(int piece, String replies) {
    var channel = new EmbeddedChannel(new ReplyFormat(LONGEST));
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
