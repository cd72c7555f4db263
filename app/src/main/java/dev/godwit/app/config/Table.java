package dev.godwit.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One table of a TOML file. Every option is asked for by name; what nobody asked for is refused by
 * {@link #refuseUnknown}. A wrong value is noted and a stand-in returned, so that all of them are
 * told at once.
 */
final class Table {
  private final String name;
  private final JsonNode node;
  private final Troubles troubles;
  private final Asked asked = new Asked(this::option);
  private final TreeMap<String, Table> tables = new TreeMap<>();

  Table(String name, JsonNode node, Troubles troubles) {
    this.name = name;
    this.node = node;
    this.troubles = troubles;
  }

  private String option(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private Optional<JsonNode> value(String key) {
    return value(key, Asked.Kind.OPTION);
  }

  private Optional<JsonNode> value(String key, Asked.Kind kind) {
    asked.add(key, kind);
    return Optional.ofNullable(node.get(key));
  }

  private void wrong(String key, String expected, JsonNode found) {
    troubles.add(option(key), expected, shown(found));
  }

  private static String shown(JsonNode found) {
    String text = found.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  /** A table below this one, the same each time; empty when it is not there. */
  Table table(String key) {
    Optional<Table> known = Optional.ofNullable(tables.get(key));
    return known.isPresent() ? known.get() : read(key);
  }

  private Table read(String key) {
    JsonNode below = value(key, Asked.Kind.SECTION).orElse(JsonNodeFactory.instance.objectNode());
    if (!below.isObject()) {
      wrong(key, "a table [" + option(key) + "]", below);
      below = JsonNodeFactory.instance.objectNode();
    }
    Table table = new Table(option(key), below, troubles);
    tables.put(key, table);
    return table;
  }

  /** An array of tables. */
  List<Table> list(String key) {
    Optional<JsonNode> array = value(key, Asked.Kind.SECTIONS);
    List<Table> all = new ArrayList<>();
    if (array.isEmpty()) {
      return all;
    }
    if (!array.get().isArray()) {
      wrong(key, "tables [[" + option(key) + "]]", array.get());
      return all;
    }
    for (JsonNode element : array.get()) {
      Table table = new Table("%s[%d]".formatted(option(key), all.size() + 1), element, troubles);
      all.add(table);
      tables.put(key + all.size(), table);
    }
    return all;
  }

  Optional<String> text(String key) {
    Optional<JsonNode> found = value(key);
    if (found.isPresent() && (!found.get().isTextual() || found.get().asText().isBlank())) {
      wrong(key, "a text", found.get());
      return Optional.empty();
    }
    return found.map(JsonNode::asText);
  }

  /** A text that has to be there. */
  String required(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty() && !node.has(key)) {
      troubles.add(option(key), "a text", "none");
    }
    return text.orElse("");
  }

  Path path(String key, String otherwise) {
    String text = text(key).orElse(otherwise);
    if (!text.startsWith("/")) {
      troubles.add(option(key), "an absolute path", "\"" + text + "\"");
    }
    return Path.of(text.replace('\0', '?'));
  }

  boolean flag(String key, boolean otherwise) {
    Optional<JsonNode> found = value(key);
    if (found.isPresent() && !found.get().isBoolean()) {
      wrong(key, "true or false", found.get());
      return otherwise;
    }
    return found.map(JsonNode::asBoolean).orElse(otherwise);
  }

  long number(String key, long otherwise, long least, long most) {
    Optional<JsonNode> found = value(key);
    if (found.isEmpty()) {
      return otherwise;
    }
    JsonNode value = found.get();
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < least
        || value.asLong() > most) {
      wrong(key, "a whole number from %d to %d".formatted(least, most), value);
      return otherwise;
    }
    return value.asLong();
  }

  /** A number that may have a fraction. */
  double ratio(String key, double otherwise, double least, double most) {
    Optional<JsonNode> found = value(key);
    if (found.isEmpty()) {
      return otherwise;
    }
    JsonNode value = found.get();
    // Also not a number at all, which TOML has a word for.
    if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
      wrong(key, "a number from %s to %s".formatted(least, most), value);
      return otherwise;
    }
    return value.asDouble();
  }

  int whole(String key, int otherwise, int least, int most) {
    return (int) number(key, otherwise, least, most);
  }

  /** A number that has to be there. */
  int requiredWhole(String key, int least, int most) {
    if (!node.has(key)) {
      troubles.add(option(key), "a whole number from %d to %d".formatted(least, most), "none");
    }
    return whole(key, least, least, most);
  }

  List<String> texts(String key, List<String> otherwise) {
    Optional<JsonNode> found = value(key);
    if (found.isEmpty()) {
      return otherwise;
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : found.get()) {
      if (element.isTextual() && !element.asText().isBlank()) {
        texts.add(element.asText());
      }
    }
    if (!found.get().isArray() || texts.size() != found.get().size()) {
      wrong(key, "a list of texts", found.get());
    }
    return texts;
  }

  /** One of several words. */
  Optional<String> word(String key, List<String> words) {
    Optional<String> text = text(key);
    if (text.isPresent() && !words.contains(text.get())) {
      troubles.add(option(key), "one of " + String.join(", ", words), "\"" + text.get() + "\"");
      return Optional.empty();
    }
    return text;
  }

  /** Notes that a value that was read does not go with something else. */
  void trouble(String key, String expected, String found) {
    troubles.add(option(key), expected, found);
  }

  /** Notes an option or section that must not be there, given what the file says elsewhere. */
  void refuse(String key, String expected) {
    Optional.ofNullable(node.get(key))
        .ifPresent(found -> {
          asked.add(key, Asked.Kind.of(found));
          wrong(key, expected, found);
        });
  }

  /** Every option that is there and was not asked for, here and below, with the nearest name. */
  void refuseUnknown() {
    node.properties()
        .forEach(entry -> asked.unknown(entry.getKey(), entry.getValue()).ifPresent(troubles::add));
    tables.values().forEach(Table::refuseUnknown);
  }
}
