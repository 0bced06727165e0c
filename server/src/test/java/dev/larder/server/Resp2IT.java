package dev.larder.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testkit.RealRedis;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers in raw RESP2, where they are asked for. */
@SuppressWarnings("NullAway.Init")
class Resp2IT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final String TOKEN = "the-token-of-the-test";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static RunningNode node;

  @BeforeAll
  static void start(@TempDir Path scratch) {
    node = RunningNode.on(redis.uri(), scratch, "--token", TOKEN);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static HttpResponse<byte[]> send(String path, String body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(node.url().resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + TOKEN)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "[\"SET\",\"k\",\"v\"]; +OK|",
        "[\"ECHO\",\"OK\"]; $2|OK|",
        "[\"GET\",\"nothing\"]; $-1|",
        "[\"INCR\",\"n\"]; :1|",
        "[\"ECHO\",\"\"]; $0||",
        "[\"EVAL\",\"return {1,{2,'x'},redis.status_reply('FINE'),{}}\",0]; *4|:1|*2|:2|$1|x|+FINE|*0|"
      },
      delimiter = ';')
  void aReplyIsAsTheEngineSentIt(String command, String reply) throws Exception {
    HttpResponse<byte[]> answer = send("/", command, "Upstash-Response-Format", "resp2");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/octet-stream");
    assertThat(new String(answer.body(), ISO_8859_1)).isEqualTo(reply.replace("|", "\r\n"));
  }

  @Test
  void everyByteOfAValueComesAsItIs() throws Exception {
    assertThat(send("/set/k/%00%0D%0A%FF%C3", "").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> answer = send("/get/k", "", "Upstash-Response-Format", "resp2");
    assertThat(answer.body())
        .isEqualTo(
            new byte[] {'$', '5', '\r', '\n', 0, '\r', '\n', (byte) 0xFF, (byte) 0xC3, '\r', '\n'});
  }

  @Test
  void thoseOfAPipelineAreOneArrayWithErrorsInTheirPlaces() throws Exception {
    HttpResponse<byte[]> answer =
        send(
            "/pipeline",
            "[[\"INCR\",\"n\"],[\"BLPOP\",\"n\",1],[\"GET\",\"n\"]]",
            "Upstash-Response-Format",
            "resp2");
    assertThat(new String(answer.body(), ISO_8859_1))
        .matches("\\*3\r\n:1\r\n-ERR BLPOP [^\r\n]*\r\n\\$1\r\n1\r\n");
  }

  @Test
  void anErrorIsJsonAsEveryAnswerThatIsNot2xx() throws Exception {
    assertThat(send("/lpush/list/a", "").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> answer = send("/incr/list", "", "Upstash-Response-Format", "resp2");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new String(answer.body(), ISO_8859_1)).startsWith("{\"error\":\"WRONGTYPE ");
  }

  @ParameterizedTest
  @CsvSource({
    "/get/k, xml, '', ERR unknown response format 'xml'",
    "/get/k, resp2, base64, ERR the response format resp2 cannot be encoded in base64",
    "/multi-exec, resp2, '', ERR the response format resp2 is not available for multi-exec"
  })
  void whatCannotBeIsRefusedAndNothingExecuted(
      String path, String format, String encoding, String message) throws Exception {
    HttpResponse<byte[]> answer =
        send(
            path,
            path.equals("/multi-exec") ? "[[\"SET\",\"k\",\"v\"]]" : "",
            "Upstash-Response-Format",
            format,
            "Upstash-Encoding",
            encoding);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new String(answer.body(), ISO_8859_1)).contains(message);
    assertThat(redis.process().command("DBSIZE")).isEqualTo("0");
  }
}
