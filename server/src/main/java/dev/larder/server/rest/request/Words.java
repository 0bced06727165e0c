package dev.larder.server.rest.request;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A command as the engine will get it, word by word, its name being the first. */
public interface Words {
  /** How many words, the name included. */
  int count();

  /** One of them; not to be changed. */
  byte[] word(int index);

  /** One of them as text, for what is compared or shown. */
  default String text(int index) {
    return new String(word(index), UTF_8);
  }

  /** Whether one of them is this, in whatever case its letters are. */
  default boolean is(int index, String upperCase) {
    byte[] word = word(index);
    if (word.length != upperCase.length()) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (CommandBatch.upper(word[i]) != upperCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
