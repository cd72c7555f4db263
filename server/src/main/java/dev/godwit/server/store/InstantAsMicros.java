package dev.godwit.server.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Instant;

/** Times are stored as microseconds since 1970, as in the columns. */
final class InstantAsMicros extends SimpleModule {
  private static final long serialVersionUID = 1L;

  InstantAsMicros() {
    addSerializer(
        Instant.class,
        new StdSerializer<>(Instant.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(Instant at, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeNumber(Micros.of(at));
          }
        });
    addDeserializer(
        Instant.class,
        new StdDeserializer<>(Instant.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public Instant deserialize(JsonParser in, DeserializationContext context)
              throws IOException {
            return Micros.instant(in.getLongValue());
          }
        });
  }
}
