package dev.godwit.server.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records as JSON text in a column; a text that does not fit stops whoever reads it, loudly. */
final class StoredJson {
  /** A few for each migration under way: its plan and its request are read at each of its steps. */
  private static final int MOST_KEPT = 1_000;

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .registerModule(new InstantAsMicros())
          // Only a record's components: derived accessors are not stored.
          .setVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
          .setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .setVisibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY);

  private static final Lately<Text, Object> LATELY = new Lately<>(MOST_KEPT);

  private record Text(String text, Class<?> type) {}

  private StoredJson() {}

  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot store " + value.getClass().getSimpleName(), e);
    }
  }

  /** A record, which nobody can change: what was read lately is given again. */
  static <T> T read(String text, Class<T> type) {
    return type.cast(LATELY.get(new Text(text, type), StoredJson::parsed));
  }

  /** Records in a list. */
  static <T> List<T> list(String text, Class<T[]> type) {
    return List.of(read(text, type));
  }

  private static Object parsed(Text wanted) {
    try {
      return MAPPER.readValue(wanted.text, wanted.type);
    } catch (JsonProcessingException e) {
      throw Unreadable.text(wanted.type.getSimpleName(), e.getOriginalMessage(), e);
    }
  }

  /** Words by words, in their order. */
  static Map<String, String> words(String text) {
    return Collections.unmodifiableMap(read(text, Words.class));
  }

  private static final class Words extends LinkedHashMap<String, String> {
    private static final long serialVersionUID = 1L;
  }
}
