package dev.larder.server.http.framing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Gives each request its target in origin-form: a server has to take {@code GET http://host/path},
 * too, and to believe that host instead of the {@code Host} field (RFC 9112, sections 3.2.2 and
 * 7.2). Whoever comes behind the decoder sees the path alone.
 *
 * <p>Behind a request whose target is of another kind, CONNECT's above all, nothing more is taken
 * from its connection: what follows may be meant for the tunnel that its caller hopes for.
 */
public final class OriginForm extends ChannelInboundHandlerAdapter {
  private boolean last;
  private boolean deaf;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (deaf) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      String target = request.uri();
      int authority = authority(target);
      if (authority > 0) {
        rewrite(request, target, authority);
      }
      last = !known(request);
    }
    deaf = last && message instanceof LastHttpContent;
    super.channelRead(context, message);
  }

  private static boolean known(HttpRequest request) {
    HttpMethod method = request.method();
    return !method.equals(HttpMethod.CONNECT)
        && (request.uri().startsWith("/")
            || (method.equals(HttpMethod.OPTIONS) && request.uri().equals("*")));
  }

  /** Where the authority begins, or -1 in a target of another form. */
  private static int authority(String target) {
    if (target.startsWith("/")) {
      return -1;
    }
    for (String scheme : new String[] {"http://", "https://"}) {
      if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return -1;
  }

  private static void rewrite(HttpRequest request, String target, int start) {
    int end = start;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    String authority = target.substring(start, end);
    // Without a host, or with a user, it is none: RFC 9110, sections 4.2.1 and 4.2.4.
    if (!HostSyntax.isHost(authority)) {
      return;
    }
    request.headers().set(HttpHeaderNames.HOST, authority);
    if (end == target.length()) {
      request.setUri(request.method().equals(HttpMethod.OPTIONS) ? "*" : "/");
    } else {
      request.setUri(
          target.charAt(end) == '/' ? target.substring(end) : '/' + target.substring(end));
    }
  }
}
