package dev.larder.redis;

/** What became of one call among several. */
public sealed interface Outcome {

  /** Redis answered; also where the answer is an error. */
  record Answered(Reply reply) implements Outcome {}

  /** Nothing of it was sent, so nothing happened: it may be tried again. */
  record NotSent(RedisUnavailableException fault) implements Outcome {
    @Override
    public Reply reply() {
      throw fault;
    }
  }

  /** It was sent, and no answer came: it may or may not have been executed. */
  record Unknown(RedisOutcomeUnknownException fault) implements Outcome {
    @Override
    public Reply reply() {
      throw fault;
    }
  }

  /**
   * The answer.
   *
   * @throws RedisUnavailableException if it was not sent
   * @throws RedisOutcomeUnknownException if it was sent, and no answer came
   */
  Reply reply();
}
