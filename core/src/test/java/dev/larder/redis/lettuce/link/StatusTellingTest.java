package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatusTellingTest {
  static Stream<ByteBufAllocator> allocators() {
    return Stream.of(
        PooledByteBufAllocator.DEFAULT, UnpooledByteBufAllocator.DEFAULT, ByteBufAllocator.DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("allocators")
  void stillTellsAfterWhatWasReadIsDiscarded(ByteBufAllocator allocator) {
    ByteBuf buffer = allocator.buffer(64);
    try {
      buffer.writeCharSequence("$54\r\n" + "x".repeat(54) + "\r\n+", US_ASCII);
      buffer.readerIndex(62);
      new StatusTelling().afterPartialDecode(buffer);
      assertThat(buffer.readerIndex()).isEqualTo(1);

      buffer.writeCharSequence("OK\r\n", US_ASCII);
      assertThat(StatusTelling.isStatus(buffer.internalNioBuffer(buffer.readerIndex(), 2)))
          .isTrue();
      assertThat(buffer.toString(buffer.readerIndex(), 2, US_ASCII)).isEqualTo("OK");
    } finally {
      buffer.release();
    }
  }

  @ParameterizedTest
  @MethodSource("allocators")
  void takesABulkThatLooksLikeAStatusForABulk(ByteBufAllocator allocator) {
    ByteBuf buffer = allocator.buffer(64);
    try {
      buffer.writeCharSequence("$3\r\n+OK\r\n", US_ASCII);

      assertThat(StatusTelling.isStatus(buffer.internalNioBuffer(4, 3))).isFalse();
    } finally {
      buffer.release();
    }
  }
}
