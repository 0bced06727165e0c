package dev.larder.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages show is what the examples hold. */
class DocsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SHOWN =
      Pattern.compile("<!-- (\\S+)#(\\S+) -->\\n```\\w*\\n(.*?)\\n```", Pattern.DOTALL);
  private static final Pattern END = Pattern.compile("\\n *// endregion");
  private static final Pattern NAMED_TEST =
      Pattern.compile("`([A-Z]\\w*[a-z]\\d?(?:Test|IT|Soak))(?:#(\\w+))?`");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)");

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"));
        Stream<Path> top = Files.list(ROOT)) {
      return Stream.concat(docs, top).filter(it -> it.toString().endsWith(".md")).sorted().toList();
    }
  }

  @Test
  void theReadmeShowsAnExample() throws IOException {
    assertThat(SHOWN.matcher(Files.readString(ROOT.resolve("README.md"))).find()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void showsTheRegionsOfTheExamplesAsTheyAre(Path page) throws IOException {
    Matcher shown = SHOWN.matcher(Files.readString(page));
    while (shown.find()) {
      assertThat(shown.group(3)).isEqualTo(region(ROOT.resolve(shown.group(1)), shown.group(2)));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksOnlyToWhatIsThere(Path page) throws IOException {
    Matcher link = LINK.matcher(Files.readString(page));
    while (link.find()) {
      assertThat(page.resolveSibling(link.group(1))).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theTestsThatAreNamedAreThere(Path page) throws IOException {
    Matcher named = NAMED_TEST.matcher(Files.readString(page));
    while (named.find()) {
      String test = named.group(1);
      String method = named.group(2);
      assertThat(tests()).as("%s on %s", named.group(), page).containsKey(test);
      if (method != null) {
        assertThat(Files.readString(requireNonNull(tests().get(test))))
            .as("%s on %s", named.group(), page)
            .contains("void " + method + "(");
      }
    }
  }

  /** Where each class of tests is, by its name. */
  private static Map<String, Path> tests() throws IOException {
    var tests = new HashMap<String, Path>();
    for (String module : List.of("core", "embedded", "server", "testkit")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        files
            .filter(it -> it.toString().endsWith(".java"))
            .forEach(it -> tests.put(it.getFileName().toString().replace(".java", ""), it));
      }
    }
    return tests;
  }

  private static String region(Path file, String name) throws IOException {
    String text = Files.readString(file);
    int start = text.indexOf("// region " + name + "\n");
    assertThat(start).as("region %s of %s", name, file).isNotNegative();
    int first = text.indexOf('\n', start) + 1;
    Matcher end = END.matcher(text);
    assertThat(end.find(first)).as("the end of region %s of %s", name, file).isTrue();
    return text.substring(first, end.start()).stripIndent();
  }
}
