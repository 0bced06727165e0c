package dev.larder.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the engines' own sentences; {@code FailureKindsTest} provokes them. */
class FailureKindTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LOADING Redis is loading the dataset in memory                             | LOADING     | true
          MASTERDOWN Link with MASTER is down and replica-serve-stale-data is 'no'. | MASTERDOWN  | true
          READONLY You can't write against a read only replica.                      | READONLY    | true
          CLUSTERDOWN The cluster is down                                            | CLUSTERDOWN | true
          TRYAGAIN Multiple keys request during rehashing of slot                    | TRYAGAIN    | true
          BUSY Redis is busy running a script.                                       | BUSY        | true
          OOM command not allowed when used memory > 'maxmemory'.                    | OOM         | false
          NOPERM this user has no permissions to run the 'get' command               | NOPERM      | false
          NOAUTH Authentication required.                                            | NOAUTH      | false
          WRONGPASS invalid username-password pair or user is disabled.              | NOAUTH      | false
          NOSCRIPT No matching script. Please use EVAL.                              | NOSCRIPT    | false
          MOVED 3999 127.0.0.1:6381                                                  | MOVED       | false
          ASK 3999 127.0.0.1:6381                                                    | ASK         | false
          ERR OOM is not the first word                                              | OTHER       | false
          OOM                                                                        | OOM         | false
          """)
  void isToldByTheFirstWord(String message, FailureKind kind, boolean passes) {
    assertThat(new Reply.Failure(message).kind()).isEqualTo(kind);
    assertThat(kind.passes()).isEqualTo(passes);
  }
}
