package dev.larder.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Takes a request of another version than HTTP/1.0 and 1.1 for one that could not be read. Vert.x
 * would answer it with status 501, without a body, and with its version, which may be any bytes.
 */
final class KnownVersions extends ChannelInboundHandlerAdapter {
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest request) {
      HttpVersion version = request.protocolVersion();
      if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
        if (request.decoderResult().isSuccess()) {
          request.setDecoderResult(
              DecoderResult.failure(new IllegalArgumentException("not a version of HTTP/1")));
        }
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
      }
    }
    super.channelRead(context, message);
  }
}
