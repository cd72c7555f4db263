package dev.godwit.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** What a contract document has captured so far, for ${name} in what follows. */
final class Variables {
  private final Map<String, String> values = new TreeMap<>();

  void put(String name, String value) {
    values.put(name, value);
  }

  String in(String text) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("${" + value.getKey() + "}", value.getValue());
    }
    if (filled.contains("${")) {
      throw new AssertionError("no such variable: " + filled + "; there are " + values.keySet());
    }
    return filled;
  }

  JsonNode in(JsonNode node) {
    try {
      return Client.JSON.readTree(in(node.toString()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
