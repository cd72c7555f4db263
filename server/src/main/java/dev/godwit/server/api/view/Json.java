package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/** Small parts of which every answer is made. */
public final class Json {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** An array of what each item becomes. */
  public static <T> ArrayNode array(Collection<T> items, Function<T, ObjectNode> view) {
    ArrayNode array = array();
    items.forEach(item -> array.add(view.apply(item)));
    return array;
  }

  /** {"key": body}. */
  public static ObjectNode wrap(String key, com.fasterxml.jackson.databind.JsonNode body) {
    ObjectNode outer = object();
    outer.set(key, body);
    return outer;
  }

  /** Nova's form for created and updated. */
  public static String seconds(Instant at) {
    return SECONDS.format(at.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Nova's form for everything else: microseconds, no zone. */
  public static String micros(Instant at) {
    return MICROS.format(at);
  }

  /** Godwit's own form: with the zone. */
  public static String zoned(Instant at) {
    return MICROS.format(at) + "Z";
  }

  /** Puts a text, or null. */
  public static void put(ObjectNode to, String key, Optional<String> value) {
    if (value.isPresent()) {
      to.put(key, value.get());
    } else {
      to.putNull(key);
    }
  }

  /** A link. */
  public static ObjectNode link(String rel, String href) {
    return object().put("rel", rel).put("href", href);
  }
}
