package dev.godwit.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** An object of a request's body, read strictly; what does not fit is refused in Nova's words. */
public final class Body {
  private static final Set<String> TRUE = Set.of("true", "1", "on", "yes");
  private static final Set<String> FALSE = Set.of("false", "0", "off", "no");

  private final JsonNode object;

  private Body(JsonNode object) {
    this.object = object;
  }

  static Body of(JsonNode node) {
    if (!node.isObject()) {
      throw Fault.badRequest("Malformed request body");
    }
    return new Body(node);
  }

  /** Refuses any other key. */
  Body only(String... keys) {
    Set<String> allowed = Set.of(keys);
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!allowed.contains(name)) {
        throw Fault.badRequest(
            "Additional properties are not allowed ('%s' was unexpected)".formatted(shown(name)));
      }
    }
    return this;
  }

  /** The only key of an action's body. */
  String singleKey() {
    if (object.size() != 1) {
      throw Fault.badRequest("Malformed request body");
    }
    return object.fieldNames().next();
  }

  boolean has(String key) {
    return object.has(key);
  }

  /** True when the key is there and not null. */
  boolean given(String key) {
    return object.hasNonNull(key);
  }

  Body object(String key) {
    JsonNode value = required(key);
    if (!value.isObject()) {
      throw invalid(key, value, "is not of type 'object'");
    }
    return new Body(value);
  }

  Optional<Body> optionalObject(String key) {
    return given(key) ? Optional.of(object(key)) : Optional.empty();
  }

  String text(String key) {
    return text(key, 1, 255);
  }

  String text(String key, int least, int most) {
    JsonNode value = required(key);
    if (!value.isTextual()) {
      throw invalid(key, value, "is not of type 'string'");
    }
    String text = value.asText();
    if (text.strip().length() < least) {
      throw invalid(key, value, "is too short");
    }
    if (text.length() > most) {
      throw invalid(key, value, "is too long");
    }
    if (!printable(text)) {
      throw invalid(key, value, "holds a character that cannot be printed");
    }
    return text;
  }

  /** No control characters, no halves of characters. */
  private static boolean printable(String text) {
    return text.codePoints()
        .noneMatch(
            code -> Character.isISOControl(code) || Character.getType(code) == Character.SURROGATE);
  }

  Optional<String> optionalText(String key, int most) {
    return given(key) ? Optional.of(text(key, 0, most)) : Optional.empty();
  }

  long number(String key, long least, long most) {
    JsonNode value = required(key);
    boolean whole =
        (value.isIntegralNumber() && value.canConvertToLong())
            || (value.isTextual() && value.asText().matches("-?\\d{1,18}"));
    if (!whole) {
      throw invalid(key, value, "is not of type 'integer'");
    }
    long number = value.asLong();
    if (number < least) {
      throw invalid(key, value, "is less than the minimum of " + least);
    }
    if (number > most) {
      throw invalid(key, value, "is greater than the maximum of " + most);
    }
    return number;
  }

  boolean truth(String key) {
    JsonNode value = required(key);
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    String word = value.asText().toLowerCase(Locale.ROOT);
    if (value.isTextual() && TRUE.contains(word)) {
      return true;
    }
    if (value.isTextual() && FALSE.contains(word)) {
      return false;
    }
    throw invalid(key, value, "is not one of [True, False]");
  }

  boolean isText(String key, String wanted) {
    JsonNode value = object.get(key);
    return value != null && value.isTextual() && value.asText().equals(wanted);
  }

  List<Body> objects(String key, int most) {
    JsonNode value = required(key);
    if (!value.isArray()) {
      throw invalid(key, value, "is not of type 'array'");
    }
    if (value.size() > most) {
      throw invalid(key, value, "is too long");
    }
    return StreamSupport.stream(value.spliterator(), false).map(Body::of).toList();
  }

  /** The keys and their values as text. */
  java.util.Map<String, String> texts() {
    java.util.Map<String, String> all = new java.util.TreeMap<>();
    object.fieldNames().forEachRemaining(name -> all.put(name, text(name, 0, 255)));
    return all;
  }

  private JsonNode required(String key) {
    JsonNode value = object.get(key);
    if (value == null) {
      throw Fault.badRequest(
          "Invalid input for field/attribute %s. '%s' is a required property".formatted(key, key));
    }
    return value;
  }

  private static Fault invalid(String key, JsonNode value, String why) {
    String shown = shown(value.isTextual() ? value.asText() : value.toString());
    return Fault.badRequest(
        "Invalid input for field/attribute %s. Value: %s. %s %s"
            .formatted(key, shown, value.isTextual() ? "'" + shown + "'" : shown, why));
  }

  /** As much of a text as an error needs. */
  static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
