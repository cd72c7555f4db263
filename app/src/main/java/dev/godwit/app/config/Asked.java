package dev.godwit.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a table was asked for, which is all that it may hold. */
final class Asked {
  /** What a key of a table may lead to, and how a file has it. */
  enum Kind {
    OPTION("option", "%s"),
    SECTION("section", "[%s]"),
    SECTIONS("section", "[[%s]]");

    private final String word;
    private final String form;

    Kind(String word, String form) {
      this.word = word;
      this.form = form;
    }

    static Kind of(JsonNode found) {
      boolean sections = found.isArray() && !found.isEmpty() && found.get(0).isObject();
      return found.isObject() ? SECTION : sections ? SECTIONS : OPTION;
    }

    private String shown(String option) {
      return form.formatted(option);
    }
  }

  private final Map<String, Kind> keys = new LinkedHashMap<>();
  private final UnaryOperator<String> option;

  /**
   * @param option a key with the names of the tables around it
   */
  Asked(UnaryOperator<String> option) {
    this.option = option;
  }

  void add(String key, Kind kind) {
    keys.put(key, kind);
  }

  /** What is to be said of a key that the file has: the nearest name, and all that is allowed. */
  Optional<String> unknown(String key, JsonNode found) {
    if (keys.containsKey(key)) {
      return Optional.empty();
    }
    Kind kind = Kind.of(found);
    String meant =
        Nearest.to(key, keys.keySet())
            .map(it -> "; did you mean %s?".formatted(shown(it)))
            .orElse("");
    List<String> allowed = keys.keySet().stream().map(this::shown).toList();
    return Optional.of(
        "unknown %s %s%s; allowed here: %s"
            .formatted(
                kind.word, kind.shown(option.apply(key)), meant, String.join(", ", allowed)));
  }

  private String shown(String key) {
    return keys.getOrDefault(key, Kind.OPTION).shown(option.apply(key));
  }
}
