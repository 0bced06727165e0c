package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptsTest {
  private final Scripts since7 = new Scripts(true);
  private final Scripts before7 = new Scripts(false);

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '>',
      value = {
        "#!lua flags=allow-key-locking > #!lua",
        "#!lua flags=allow-key-locking,no-writes > #!lua flags=no-writes",
        "#!lua flags=no-writes,allow-key-locking > #!lua flags=no-writes",
        "#!lua flags=no-writes,allow-key-locking,allow-oom > #!lua flags=no-writes,allow-oom",
        "#!lua name=x flags=allow-key-locking > #!lua name=x",
        "#!lua flags=allow-key-locking name=x > #!lua name=x"
      })
  void dropsTheFlagThatOnlyUpstashKnowsAndKeepsTheOthers(String line, String kept) {
    assertThat(rewritten(since7, line + "\nreturn 1")).isEqualTo(kept + "\nreturn 1");
    assertThat(rewritten(since7, line + "\r\nreturn 1")).isEqualTo(kept + "\r\nreturn 1");
    assertThat(rewritten(since7, line)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#",
        "return 1",
        " #!lua flags=allow-key-locking\nreturn 1",
        "#!lua\nreturn 1",
        "#!lua flags=no-writes\nreturn 1",
        "#!lua flags=allow-key-locking-not\nreturn 1",
        "#!lua flags=not-allow-key-locking\nreturn 1",
        "#!lua\nreturn 'flags=allow-key-locking'",
        "-- #!lua flags=allow-key-locking\nreturn 1"
      })
  void leavesOtherScriptsAlone(String script) {
    assertThat(rewritten(since7, script)).isNull();
    assertThat(since7.engineDigest(Scripts.digest(script.getBytes(UTF_8)))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"#!lua", "#!lua flags=allow-key-locking", "#!lua flags=no-writes,x", "#!"})
  void dropsTheWholeFirstLineButItsBreakWhereTheEngineKnowsNone(String line) {
    assertThat(rewritten(before7, line + "\nreturn 1")).isEqualTo("\nreturn 1");
    assertThat(rewritten(before7, line)).isEmpty();
  }

  @Test
  void remembersTheDigestByWhichTheEngineKnowsTheScript() {
    byte[] script = "#!lua flags=allow-key-locking\nreturn 1".getBytes(UTF_8);
    String callers = Scripts.digest(script);
    assertThat(since7.engineDigest(callers)).isNull();
    byte[] rewritten = since7.rewrite(script);
    String engines = Scripts.digest(rewritten == null ? new byte[0] : rewritten);
    assertThat(since7.engineDigest(callers)).isEqualTo(engines.getBytes(UTF_8));
    assertThat(since7.engineDigest(callers.toUpperCase(Locale.ROOT)))
        .isEqualTo(engines.getBytes(UTF_8));
    assertThat(since7.engineDigest(engines)).isNull();
  }

  @Test
  void namesScriptsAsRedisDoes() {
    assertThat(Scripts.digest("return 1".getBytes(UTF_8)))
        .isEqualTo("e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
  }

  @Test
  void remembersSoManyScriptsAndNoMore() {
    for (int i = 0; i < 20_000; i++) {
      assertThat(rewritten(since7, script(i))).isNotNull();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(
                        IntStream.range(0, 20_000)
                            .filter(
                                i ->
                                    since7.engineDigest(Scripts.digest(script(i).getBytes(UTF_8)))
                                        != null)
                            .count())
                    .isBetween(5_000L, 10_000L));
  }

  private static String script(int number) {
    return "#!lua flags=allow-key-locking\nreturn " + number;
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\0',
      value = {
        "flags={'allow-key-locking'} > flags={}",
        "flags = { \"allow-key-locking\" } > flags = {  }",
        "flags={'no-writes', 'allow-key-locking'} > flags={'no-writes', }",
        "flags={'allow-key-locking', 'no-writes'} > flags={ 'no-writes'}",
        "flags={'no-writes','allow-key-locking','allow-stale'} > flags={'no-writes','allow-stale'}",
        "flags={'no-writes'} > flags={'no-writes'}",
        "print('allow-key-locking') > print('allow-key-locking')"
      })
  void dropsTheFlagOfAFunction(String flags, String kept) {
    String code = "#!lua name=x\nredis.register_function{function_name='f', callback=f, %s}\n";
    assertThat(library(code.formatted(flags))).isEqualTo(code.formatted(kept));
  }

  @Test
  void dropsTheFlagOfALibraryAndKeepsItsLinesAndBytes() {
    assertThat(library("#!lua name=x flags=allow-key-locking\nx = '\u00ff'"))
        .isEqualTo("#!lua name=x\nx = '\u00ff'");
    assertThat(library("#!lua name=x\nf{flags={\n'allow-key-locking'\n}}"))
        .isEqualTo("#!lua name=x\nf{flags={\n\n}}");
    assertThat(Scripts.library("#!lua name=x\nx = 1".getBytes(UTF_8))).isNull();
  }

  private static String library(String code) {
    byte[] rewritten = Scripts.library(code.getBytes(ISO_8859_1));
    return rewritten == null ? code : new String(rewritten, ISO_8859_1);
  }

  private static @Nullable String rewritten(Scripts scripts, String script) {
    byte[] rewritten = scripts.rewrite(script.getBytes(UTF_8));
    return rewritten == null ? null : new String(rewritten, UTF_8);
  }
}
