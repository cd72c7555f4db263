package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.server.api.view.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The built-in identity service, as far as clients need it to log in. */
final class IdentityApi {
  private final Tokens tokens;

  IdentityApi(Tokens tokens) {
    this.tokens = tokens;
  }

  Reply version(Call call) {
    ObjectNode version =
        Json.object()
            .put("id", "v3.14")
            .put("status", "stable")
            .put("updated", "2020-04-07T00:00:00Z");
    version.putArray("links").add(Json.link("self", call.root() + "/v3/"));
    version
        .putArray("media-types")
        .addObject()
        .put("base", "application/json")
        .put("type", "application/vnd.openstack.identity-v3+json");
    return Reply.ok(Json.wrap("version", version));
  }

  Reply logIn(Call call) {
    Body auth = call.json().object("auth");
    Body identity = auth.object("identity");
    Tokens.Issued issued = identity.given("password") ? byPassword(identity) : byToken(identity);
    checkScope(auth, issued.caller());
    return Reply.of(201, token(call, issued)).with("X-Subject-Token", issued.token());
  }

  /** Each user has one project; nobody gets a token for another one, or for the whole system. */
  private static void checkScope(Body auth, Caller caller) {
    if (!auth.given("scope") || auth.isText("scope", "unscoped")) {
      return;
    }
    Body scope = auth.object("scope");
    boolean own =
        scope
            .optionalObject("project")
            .map(project ->
                project.isText("id", caller.projectId())
                    || project.isText("name", caller.projectName()))
            .orElse(false);
    if (!own) {
      throw unauthorized();
    }
  }

  private Tokens.Issued byPassword(Body identity) {
    Body user = identity.object("password").object("user");
    String password = user.text("password", 0, 1024);
    String name = user.given("name") ? user.text("name") : user.text("id");
    return tokens.logIn(name, password).orElseThrow(IdentityApi::unauthorized);
  }

  private Tokens.Issued byToken(Body identity) {
    if (!identity.given("token")) {
      throw unauthorized();
    }
    return tokens
        .another(identity.object("token").text("id", 1, 1024))
        .orElseThrow(IdentityApi::unauthorized);
  }

  private static Fault unauthorized() {
    return new Fault(401, "The request you have made requires authentication.");
  }

  /** Validation of a token: an operator's of any, everybody's of his own. */
  Reply validate(Call call) {
    String subject =
        call.subjectToken()
            .orElseThrow(() -> Fault.badRequest("X-Subject-Token: expected a token, found none"));
    boolean own = tokens.caller(subject).map(call.caller()::equals).orElse(false);
    if (!own && !call.caller().admin()) {
      throw new Fault(403, "You are not authorized to perform the requested action.");
    }
    Optional<Tokens.Issued> issued =
        tokens.find(subject).or(() -> tokens.caller(subject).map(caller -> tokens.admin(subject)));
    return Reply.ok(
            token(call, issued.orElseThrow(() -> Fault.notFound("Could not recognize token."))))
        .with("X-Subject-Token", subject);
  }

  private static ObjectNode token(Call call, Tokens.Issued issued) {
    Caller caller = issued.caller();
    ObjectNode token = Json.object();
    token.putArray("methods").add("password");
    ObjectNode domain = Json.object().put("id", "default").put("name", "Default");
    ObjectNode user =
        token.putObject("user").put("id", caller.userId()).put("name", caller.userName());
    user.set("domain", domain);
    user.putNull("password_expires_at");
    token.putArray("audit_ids").add(Tokens.id("audit", issued.at().toString()).substring(0, 22));
    token.put("issued_at", Json.zoned(issued.at()));
    token.put("expires_at", Json.zoned(issued.until()));
    token
        .putObject("project")
        .put("id", caller.projectId())
        .put("name", caller.projectName())
        .set("domain", domain.deepCopy());
    token.put("is_domain", false);
    ArrayNode roles = token.putArray("roles");
    caller
        .roles()
        .forEach(role -> roles.addObject().put("id", Tokens.id("role", role)).put("name", role));
    token.set("catalog", catalog(call));
    return Json.wrap("token", token);
  }

  private static ArrayNode catalog(Call call) {
    ArrayNode catalog = Json.array();
    Map<String, List<String>> services =
        new java.util.TreeMap<>(
            Map.of(
                "compute", List.of("nova", "/v2.1"),
                "identity", List.of("keystone", "/v3"),
                "image", List.of("glance", "/image")));
    services.forEach((type, service) -> {
      ObjectNode entry =
          catalog
              .addObject()
              .put("id", Tokens.id("service", type))
              .put("type", type)
              .put("name", service.getFirst());
      ArrayNode endpoints = entry.putArray("endpoints");
      for (String face : List.of("public", "internal", "admin")) {
        endpoints
            .addObject()
            .put("id", Tokens.id("endpoint", type + face))
            .put("interface", face)
            .put("region", "RegionOne")
            .put("region_id", "RegionOne")
            .put("url", call.root() + service.getLast());
      }
    });
    return catalog;
  }
}
