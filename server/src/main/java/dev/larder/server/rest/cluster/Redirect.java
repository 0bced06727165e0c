package dev.larder.server.rest.cluster;

import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node of a Cluster answers instead of executing a command, or a whole transaction. */
sealed interface Redirect {

  /**
   * The slot lies at another node.
   *
   * @param place as the node wrote it: {@code host:port}; the host is empty where it does not know
   *     it
   */
  record Moved(String place) implements Redirect {}

  /** This once, another node is to be asked, which imports the slot. */
  record Ask(String place) implements Redirect {}

  /** It cannot be done at this moment. */
  record NotNow(Failure why) implements Redirect {}

  /**
   * Reads it from the replies to what was sent to a node as a whole.
   *
   * @return null where it may have been executed: a transaction was not only where EXEC failed
   */
  static @Nullable Redirect of(List<Reply> replies) {
    if (!(replies.get(replies.size() - 1) instanceof Failure)) {
      return null;
    }
    for (Reply reply : replies) {
      if (reply instanceof Failure failure) {
        Redirect redirect = of(failure);
        if (redirect != null) {
          return redirect;
        }
      }
    }
    return null;
  }

  private static @Nullable Redirect of(Failure failure) {
    return switch (failure.code()) {
      case "MOVED" -> new Moved(place(failure));
      case "ASK" -> new Ask(place(failure));
      case "TRYAGAIN", "CLUSTERDOWN", "LOADING", "READONLY" -> new NotNow(failure);
      default -> null;
    };
  }

  private static String place(Failure failure) {
    return failure.message().substring(failure.message().lastIndexOf(' ') + 1);
  }
}
