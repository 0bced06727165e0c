package dev.larder.redis.lettuce.chaos;

/** The same, and no byte left out. */
class EveryByteSoak extends EveryByteTest {
  @Override
  int stride() {
    return 1;
  }
}
