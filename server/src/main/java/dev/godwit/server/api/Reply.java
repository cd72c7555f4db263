package dev.godwit.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** What a handler answers. */
public record Reply(int status, Optional<JsonNode> body, Map<String, String> headers) {
  static Reply ok(JsonNode body) {
    return new Reply(200, Optional.of(body), Map.of());
  }

  static Reply of(int status, JsonNode body) {
    return new Reply(status, Optional.of(body), Map.of());
  }

  static Reply empty(int status) {
    return new Reply(status, Optional.empty(), Map.of());
  }

  Reply with(String header, String value) {
    Map<String, String> more = new java.util.HashMap<>(headers);
    more.put(header, value);
    return new Reply(status, body, Map.copyOf(more));
  }
}
