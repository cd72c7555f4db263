package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reading fields of the API's documents; what is absent or null is a dash or empty. */
final class Doc {
  private Doc() {}

  /** The field as text, "-" when it is absent, null or empty. */
  static String text(JsonNode document, String field) {
    return maybe(document, field).orElse("-");
  }

  static Optional<String> maybe(JsonNode document, String field) {
    JsonNode value = document.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  static List<JsonNode> list(JsonNode document, String field) {
    List<JsonNode> elements = new ArrayList<>();
    document.path(field).forEach(elements::add);
    return elements;
  }

  static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }
}
