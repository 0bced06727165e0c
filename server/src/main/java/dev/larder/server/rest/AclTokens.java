package dev.larder.server.rest;

import dev.larder.server.http.Call;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.Json;
import dev.larder.server.http.auth.Access;
import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.http.auth.UserTokens;
import dev.larder.server.rest.PasswordCheck.Verdict;
import dev.larder.server.rest.engine.EngineFaults;
import dev.larder.server.rest.request.CommandBatch;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Upstash's {@code ACL RESTTOKEN}: a token as whose bearer the engine sees one of its users. It
 * tells right passwords from wrong ones, so only the bearers of the node's own read-write tokens
 * may ask, and only so often.
 */
final class AclTokens {
  private final Tokens tokens;
  private final PasswordCheck check;

  AclTokens(Tokens tokens, PasswordCheck check) {
    this.tokens = tokens;
    this.check = check;
  }

  /** Whether the first command of a batch asks for such a token. */
  static boolean asks(CommandBatch batch) {
    return batch.is(0, 0, "ACL") && batch.arity(0) > 1 && batch.is(0, 1, "RESTTOKEN");
  }

  /** Answers {@code ACL RESTTOKEN user password}, asked by the bearer of a token. */
  void answer(Call call, Token bearer, CommandBatch batch) {
    call.family("acl");
    if (bearer.access() != Access.READ_WRITE || bearer.user() != null) {
      throw HttpFault.badRequest(
          "NOPERM this user has no permissions to run the 'acl|resttoken' command: the token is "
              + (bearer.user() == null ? "read-only" : "one of the engine's users'"));
    }
    if (batch.arity(0) != 4) {
      throw HttpFault.badRequest("ERR wrong number of arguments for 'acl|resttoken' command");
    }
    UserTokens seal = tokens.forUsers();
    var user = new EngineUser(batch.text(0, 2), batch.text(0, 3));
    Duration wait =
        check.hasRoom()
            ? tokens.guesses().tryAcquire(user.name()).orElse(null)
            : Duration.ofSeconds(1);
    if (wait != null) {
      throw tooMany(call, wait);
    }
    var unused =
        check
            .of(user)
            .whenComplete(
                (verdict, fault) -> {
                  if (verdict != Verdict.WRONG) {
                    tokens.guesses().giveBack(user.name());
                  }
                  if (verdict == Verdict.RIGHT) {
                    byte[] body = Json.bytes(Map.of("result", seal.seal(user)));
                    call.json(200, body, body.length);
                  } else {
                    call.fail(refusal(user, verdict, fault));
                  }
                });
  }

  private static HttpFault tooMany(Call call, Duration wait) {
    long seconds = wait.plusMillis(999).toSeconds();
    call.request().response().putHeader("retry-after", Long.toString(seconds));
    return new HttpFault(
        429,
        "ERR too many passwords were tried with ACL RESTTOKEN: try again in " + seconds + " s");
  }

  private static HttpFault refusal(
      EngineUser user, @Nullable Verdict verdict, @Nullable Throwable fault) {
    if (verdict == Verdict.WRONG) {
      return EngineFaults.wrongPassword(user.name());
    }
    return verdict == Verdict.NONE_NEEDED
        ? HttpFault.badRequest(
            "ERR user \""
                + user.name()
                + "\" has no password, so that anybody could be him: give him one, with ACL"
                + " SETUSER on the engine")
        : Lanes.fault(Objects.requireNonNull(fault));
  }
}
