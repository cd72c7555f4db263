package dev.godwit.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.server.store.DatabaseTrouble;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Answers requests: who asks, what is asked for, and the handler's word. HTTP is not known here.
 */
public final class Answers {
  private final Router router;
  private final Tokens tokens;
  private final Supplier<UUID> ids;

  Answers(Router router, Tokens tokens, Supplier<UUID> ids) {
    this.router = router;
    this.tokens = tokens;
    this.ids = ids;
  }

  /**
   * A request.
   *
   * @param root the address that the client used: http://host:port
   * @param token the caller's, from X-Auth-Token
   * @param subjectToken another one that the request is about
   */
  public record Asked(
      String method,
      String path,
      Map<String, List<String>> query,
      String root,
      Optional<String> token,
      Optional<String> subjectToken,
      Supplier<Optional<JsonNode>> body) {}

  /** A new request's id. */
  String requestId() {
    return "req-" + ids.get();
  }

  /**
   * The answer to one; a refusal or a failure is an answer, too.
   *
   * @param version the Compute API's microversion, 2.1 to the newest, or latest
   */
  public Reply toAny(Asked asked, String version) {
    try {
      return to(
          asked, Microversion.of(Optional.of("compute " + version), Optional.empty()), requestId());
    } catch (Fault fault) {
      return new Reply(fault.status(), Optional.of(FaultAnswer.json(fault)), Map.of());
    } catch (DatabaseTrouble e) {
      Fault fault = new Fault(503, "" + e.getMessage());
      return new Reply(fault.status(), Optional.of(FaultAnswer.json(fault)), Map.of());
    }
  }

  /** The answer, or a {@link Fault}. */
  Reply to(Asked asked, Microversion version, String requestId) {
    Optional<Caller> caller = caller(asked.token());
    if (caller.isEmpty() && Router.compute(Route.segments(asked.path()))) {
      throw unauthorized();
    }
    Router.Found found = router.find(asked.method(), asked.path(), version, caller);
    Caller allowed = allowed(found.route(), caller);
    Call call =
        new Call(
            allowed,
            version,
            requestId,
            asked.root(),
            found.prefix(),
            found.values(),
            asked.query(),
            asked.subjectToken(),
            asked.body().get());
    return found.route().handler().apply(call);
  }

  /** Whose token it is. */
  Optional<Caller> caller(Optional<String> token) {
    return token.flatMap(tokens::caller);
  }

  static Fault unauthorized() {
    return new Fault(401, "The request you have made requires authentication.");
  }

  private static Caller allowed(Route route, Optional<Caller> caller) {
    if (route.access() == Route.Access.ANYBODY) {
      return caller.orElse(new Caller("", "", "", "", List.of()));
    }
    Caller known = caller.orElseThrow(Answers::unauthorized);
    if (!route.access().permits(known)) {
      throw new Fault(
          403,
          "Policy doesn't allow %s %s to be performed."
              .formatted(route.method(), route.template()));
    }
    return known;
  }
}
