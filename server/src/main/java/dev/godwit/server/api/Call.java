package dev.godwit.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One request, checked as far as every handler needs it.
 *
 * @param root the address the client used, for links: http://host:port
 * @param prefix what came before the route in the path, for self links: /v2.1
 * @param path values of the route's placeholders
 * @param subjectToken another token that the call is about
 */
public record Call(
    Caller caller,
    Microversion version,
    String requestId,
    String root,
    String prefix,
    Map<String, String> path,
    Map<String, List<String>> query,
    Optional<String> subjectToken,
    Optional<JsonNode> body) {

  /** A placeholder's value. */
  public String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no {" + name + "}");
    }
    return value;
  }

  /** A query parameter's last value. */
  public Optional<String> query(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  /** Refuses other query parameters from that version on; before it they are ignored. */
  void onlyQueries(int since, String... known) {
    if (!version.from(since)) {
      return;
    }
    Set<String> allowed = Set.of(known);
    query.keySet().stream()
        .filter(name -> !allowed.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw Fault.badRequest(
              "Additional properties are not allowed ('%s' was unexpected)"
                  .formatted(Body.shown(name)));
        });
  }

  /** A query parameter that is a moment, with or without a zone. */
  public Optional<Instant> time(String name) {
    return query(name)
        .map(text -> {
          try {
            return text.matches(".*(Z|[+-]\\d{2}:?\\d{2})$") && text.contains("T")
                ? OffsetDateTime.parse(text.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2"))
                    .toInstant()
                : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
          } catch (DateTimeException e) {
            throw Fault.badRequest(
                "Invalid input for query parameters %s. Value: %s. '%s' is not a 'date-time'"
                    .formatted(name, Body.shown(text), Body.shown(text)));
          }
        });
  }

  /** The body, which the route needs. */
  public Body json() {
    return Body.of(body.orElseThrow(() -> Fault.badRequest("Malformed request body")));
  }

  /** A placeholder that is an instance's UUID; unknown when it is anything else. */
  public InstanceId instance(String name) {
    String text = path(name);
    try {
      InstanceId id = InstanceId.of(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      throw noInstance(text);
    }
    throw noInstance(text);
  }

  static Fault noInstance(String text) {
    return Fault.notFound("Instance %s could not be found.".formatted(text));
  }

  /** A link within the versioned API. */
  public String self(String rest) {
    return root + prefix + rest;
  }

  /** A link without the version. */
  public String bookmark(String rest) {
    return root + prefix.replaceFirst("^/v2(\\.1)?", "") + rest;
  }
}
