package dev.larder.server.rest;

import dev.larder.server.http.Call;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.Json;
import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.http.auth.UserTokens;
import dev.larder.server.rest.request.CommandBatch;
import java.util.Map;

/** Upstash's {@code ACL RESTTOKEN}: a token as whose bearer the engine sees one of its users. */
final class AclTokens {
  private final Tokens tokens;
  private final Lanes lanes;

  AclTokens(Tokens tokens, Lanes lanes) {
    this.tokens = tokens;
    this.lanes = lanes;
  }

  /** Whether the first command of a batch asks for such a token. */
  static boolean asks(CommandBatch batch) {
    return batch.is(0, 0, "ACL") && batch.arity(0) > 1 && batch.is(0, 1, "RESTTOKEN");
  }

  /** Answers {@code ACL RESTTOKEN user password}. */
  void answer(Call call, CommandBatch batch) {
    if (batch.arity(0) != 4) {
      throw HttpFault.badRequest("ERR wrong number of arguments for 'acl|resttoken' command");
    }
    call.family("acl");
    UserTokens seal = tokens.forUsers();
    var user = new EngineUser(batch.text(0, 2), batch.text(0, 3));
    var unused =
        lanes
            .of(user)
            .whenComplete(
                (lane, fault) -> {
                  if (fault == null) {
                    byte[] body = Json.bytes(Map.of("result", seal.seal(user)));
                    call.json(200, body, body.length);
                  } else {
                    call.fail(Lanes.fault(fault));
                  }
                });
  }
}
