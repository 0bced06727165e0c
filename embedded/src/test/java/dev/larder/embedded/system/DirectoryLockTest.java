package dev.larder.embedded.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path temp;
  private Path directory;

  @BeforeEach
  void resolve() throws IOException {
    directory = temp.toRealPath();
  }

  /** Says whether another process can lock a directory. */
  public static final class Attempt {
    public static void main(String[] args) throws IOException {
      try (var lock = DirectoryLock.acquire(Path.of(args[0]), "another process")) {
        lock.describe("another process still");
        say("locked");
      } catch (DirectoryLock.InUse e) {
        say("refused: " + e.getReason());
      }
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line) {
      System.out.println(line);
    }
  }

  @Test
  void keepsOtherProcessesOutUntilItIsClosed() throws IOException {
    try (var lock = DirectoryLock.acquire(directory, "the first")) {
      lock.describe("the first (its engine: 127.0.0.1:1)");
      assertThat(attemptOfAnotherProcess())
          .startsWith("refused: it is in use by the first (its engine: 127.0.0.1:1): stop that");
    }
    assertThat(attemptOfAnotherProcess()).isEqualTo("locked");
  }

  @Test
  void isNotReleasedByTheAttemptOfAnotherClassLoader() throws Exception {
    try (var lock = DirectoryLock.acquire(directory, "the first")) {
      assertThat(attemptOfAnotherClassLoader()).contains("it is in use by the first");
      assertThat(attemptOfAnotherProcess()).startsWith("refused");
      lock.describe("the first, still");
      assertThat(attemptOfAnotherClassLoader()).contains("it is in use by the first, still");
    }
    assertThat(attemptOfAnotherClassLoader()).isEqualTo("locked");
  }

  @Test
  void isNotReleasedByAnAttemptWhereSomebodyReplacedTheSystemProperties() throws Exception {
    var lock = DirectoryLock.acquire(directory, "the first");
    System.clearProperty("dev.larder.embedded.locks");
    assertThatExceptionOfType(DirectoryLock.InUse.class)
        .isThrownBy(() -> DirectoryLock.acquire(directory, "the second"))
        .withMessageContaining("it is in use by this process");
    assertThat(attemptOfAnotherClassLoader()).contains("it is in use by this process");
    assertThat(attemptOfAnotherProcess()).startsWith("refused");
    lock.close();
  }

  private String attemptOfAnotherProcess() {
    return SystemCommand.run(Jvm.command(Attempt.class, directory.toString())).output();
  }

  private String attemptOfAnotherClassLoader() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    try (var loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> other = loader.loadClass(DirectoryLock.class.getName());
      assertThat(other).isNotSameAs(DirectoryLock.class);
      Object lock =
          other.getMethod("acquire", Path.class, String.class).invoke(null, directory, "the other");
      other.getMethod("close").invoke(lock);
      return "locked";
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    }
  }
}
