package dev.larder.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {
  @Test
  void bulksOfTheSameBytesAreEqual() {
    Reply one = new Reply.Array(List.of(new Reply.Bulk(new byte[] {0, 1})));
    Reply other = new Reply.Array(List.of(new Reply.Bulk(new byte[] {0, 1})));

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).isNotEqualTo(new Reply.Array(List.of(new Reply.Bulk(new byte[] {0, 2}))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "WRONGTYPE Operation against a key,WRONGTYPE",
    "NOSCRIPT No matching script,NOSCRIPT",
    "OOM,OOM",
    "'',''",
  })
  void aFailuresCodeIsItsFirstWord(String message, String code) {
    assertThat(new Reply.Failure(message).code()).isEqualTo(code);
  }

  @Test
  void saysWhatCameInsteadOfWhatWasExpected() {
    assertThatThrownBy(() -> new Reply.Failure("ERR no").number())
        .isInstanceOf(UnexpectedReplyException.class)
        .hasMessage("expected a number from Redis, was Failure[message=ERR no]");
    assertThatThrownBy(() -> new Reply.Nil().text())
        .hasMessage("expected text from Redis, was Nil[]");
    assertThatThrownBy(() -> new Reply.Int(1).array())
        .hasMessage("expected an array from Redis, was Int[value=1]");
  }
}
