package dev.larder.benchmarks.subject.larder;

import dev.larder.benchmarks.driver.Client;
import dev.larder.benchmarks.driver.Driver;
import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;

/** Our port, with nothing set. */
public final class LarderSubject {
  private LarderSubject() {}

  /** Takes the engine's URI, and is driven by lines on its standard input. */
  public static void main(String[] args) throws Exception {
    try (Redis redis = LettuceRedis.connect(RedisUri.parse(args[0]))) {
      Driver.serve(client(redis));
    }
  }

  static Client client(Redis redis) {
    return (key, answer) ->
        redis
            .send(Command.of("GET").key(key))
            .whenComplete(
                (reply, fault) ->
                    answer.accept(reply instanceof Reply.Bulk bulk ? bulk.bytes() : null, fault));
  }
}
