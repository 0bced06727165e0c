package dev.larder.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MavenBuildTest {
  @ParameterizedTest(name = "{0} changed at {1}, built at 10: current {2}")
  @CsvSource({
    "src/main/java/A.java, 9, true",
    "src/main/java/A.java, 11, false",
    "pom.xml, 11, false",
    "src/test/java/ATest.java, 11, true",
    "target/classes/A.class, 11, true"
  })
  void aProductIsCurrentUntilASourceIsNewer(
      String changed, long second, boolean current, @TempDir Path module) throws IOException {
    Path jar = module.resolve("larder.jar");
    touch(jar, 10);
    touch(module.resolve(changed), second);
    assertThat(MavenBuild.isCurrent(jar, List.of(module))).isEqualTo(current);
    assertThat(MavenBuild.isCurrent(module.resolve("absent.jar"), List.of(module))).isFalse();
  }

  private static void touch(Path file, long second) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1_000));
  }
}
