package dev.larder.redis.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisUriTest {
  @ParameterizedTest(name = "{0} -> {1} {2} tls {3} {4}:{5} db {6} {7}{8}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          redis://localhost                         | STANDALONE | [localhost:6379]            | false | -    | -     | 0 | -    | -
          redis://10.0.0.1:7000/3                   | STANDALONE | [10.0.0.1:7000]             | false | -    | -     | 3 | -    | -
          redis://localhost/                        | STANDALONE | [localhost:6379]            | false | -    | -     | 0 | -    | -
          rediss://h:1                              | STANDALONE | [h:1]                       | true  | -    | -     | 0 | -    | -
          redis://:pw@h                             | STANDALONE | [h:6379]                    | false | -    | pw    | 0 | -    | -
          redis://ann:pw@h                          | STANDALONE | [h:6379]                    | false | ann  | pw    | 0 | -    | -
          redis://a%40b:p%2F%3A%25@h                | STANDALONE | [h:6379]                    | false | a@b  | p/:%  | 0 | -    | -
          redis://ann:p@:w@h                        | STANDALONE | [h:6379]                    | false | ann  | p@:w  | 0 | -    | -
          redis://ann:%C3%A4@h                      | STANDALONE | [h:6379]                    | false | ann  | ä     | 0 | -    | -
          redis://[::1]                             | STANDALONE | [[::1]:6379]                | false | -    | -     | 0 | -    | -
          redis://:pw@[fe80::1]:7/1                 | STANDALONE | [[fe80::1]:7]               | false | -    | pw    | 1 | -    | -
          redis-sentinel://a,b:1,[::1]:2#main       | SENTINEL   | [a:26379, b:1, [::1]:2]     | false | -    | -     | 0 | main | -
          rediss-sentinel://u:pw@a/2#my%20main      | SENTINEL   | [a:26379]                   | true  | u    | pw    | 2 | my main | -
          redis-cluster://a:1,b                     | CLUSTER    | [a:1, b:6379]               | false | -    | -     | 0 | -    | -
          rediss-cluster://:pw@a                    | CLUSTER    | [a:6379]                    | true  | -    | pw    | 0 | -    | -
          redis-socket:///run/my%20redis.sock       | STANDALONE | []                          | false | -    | -     | 0 | -    | /run/my redis.sock
          redis-socket://:pw@/run/redis.sock        | STANDALONE | []                          | false | -    | pw    | 0 | -    | /run/redis.sock
          """)
  void readsEveryForm(
      String text,
      RedisUri.Topology topology,
      String nodes,
      boolean tls,
      String user,
      String password,
      int database,
      String master,
      String socket) {
    RedisUri uri = RedisUri.parse(text);

    assertThat(uri.topology()).isEqualTo(topology);
    assertThat(uri.nodes()).hasToString(nodes);
    assertThat(uri.tls()).isEqualTo(tls);
    assertThat(uri.user().orElse(null)).isEqualTo(user);
    assertThat(uri.password().orElse(null)).isEqualTo(password);
    assertThat(uri.database()).isEqualTo(database);
    assertThat(uri.master().orElse(null)).isEqualTo(master);
    assertThat(uri.socket().orElse(null)).isEqualTo(socket);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          localhost:6379                 | it has none of the known forms
          http://h                       | the scheme http:// is unknown
          redis://                       | its host 1 is not host[:port]
          redis://h:0                    | a port is from 1 to 65535, was 0
          redis://h:65536                | a port is from 1 to 65535, was 65536
          redis://h:x                    | its host 1 is not host[:port]
          redis://h,i                    | it names 2 hosts, but one engine has one
          redis://h/one                  | the database is a number, was "one"
          redis://h?db=1                 | it has none of the known forms
          redis://::1                    | its host 1 is not host[:port]
          redis://ann@h                  | before the @ stands user:password, or :password
          redis://ann:@h                 | it names the user ann, but no password
          redis://:%zz@h                 | a % in it is not followed by two hexadecimal digits
          redis://:%ff@h                 | its percent-encoded part is not UTF-8
          redis://h#main                 | only Sentinels know a primary by name, but it names #main
          redis-sentinel://a,b           | it does not say under which #name the Sentinels know the primary
          redis-sentinel://a,,b#m        | its host 2 is not host[:port]
          redis-cluster://a/1            | the database is 1, but a Cluster has only database 0
          redis-socket://                | it needs either a host or the path of a unix socket
          rediss-socket:///s             | the scheme rediss-socket:// is unknown
          """)
  void saysWhatIsWrongAndWhatIsRight(String text, String problem) {
    assertThatThrownBy(() -> RedisUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a Redis URI: \"")
        .hasMessageContaining(problem)
        .hasMessageContaining("Right is redis://[user:password@]host[:port][/database]");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "redis://:hunter2@h:x",
    "redis://ann:hunter2@",
    "redis://ann:hun@hunter2@h/x",
    "redis://ann:x/hunter2@h",
    "redis://ann:hunter2/x@h",
    "redis://ann:hunter2",
    "redis://:hunter2",
    "redis://hunter2@h",
    "ann:hunter2@h",
    "nonsense://ann:hunter2@h",
    "redis://ann:hunter2%@h",
    "redis://ann:hunter2?x/@h",
  })
  void neverShowsAPasswordInAnError(String text) {
    assertThatThrownBy(() -> RedisUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2")
        .hasMessageContaining("***");
  }

  @ParameterizedTest(name = "{0} is shown as {1}")
  @CsvSource({
    "redis://localhost,redis://localhost:6379",
    "redis://ann:hunter2@h/3,redis://ann:***@h:6379/3",
    "redis-sentinel://:hunter2@a#m,redis-sentinel://:***@a:26379#m",
    "rediss-cluster://[::1]:7,rediss-cluster://[::1]:7",
    "redis-socket://:hunter2@/run/s,redis-socket://:***@/run/s",
  })
  void isShownWithItsPasswordMasked(String text, String shown) {
    assertThat(RedisUri.parse(text)).hasToString(shown);
  }

  @Test
  void isEqualToAnotherOfTheSameParts() {
    assertThat(RedisUri.parse("redis://h")).isEqualTo(RedisUri.parse("redis://h:6379/0"));
  }
}
