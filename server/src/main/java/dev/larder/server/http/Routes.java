package dev.larder.server.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which door takes a request: the first in this list whose path fits. */
public final class Routes {
  private final List<Route> routes = new ArrayList<>();

  private record Route(String path, boolean prefix, Door door) {
    boolean fits(String asked) {
      return prefix ? asked.startsWith(path) : asked.equals(path);
    }
  }

  /** Adds the door to this path. */
  public Routes at(String path, Door door) {
    routes.add(new Route(path, false, door));
    return this;
  }

  /** Adds the door to all paths that begin so. */
  public Routes under(String prefix, Door door) {
    routes.add(new Route(prefix, true, door));
    return this;
  }

  /** The door for a path, or null where there is none. */
  public @Nullable Door door(String path) {
    for (Route route : routes) {
      if (route.fits(path)) {
        return route.door();
      }
    }
    return null;
  }
}
