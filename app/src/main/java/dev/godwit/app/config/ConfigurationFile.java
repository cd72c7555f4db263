package dev.godwit.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A TOML file, read whole and checked whole before anything starts. */
final class ConfigurationFile {
  private static final long MOST_BYTES = 1 << 20;

  private ConfigurationFile() {}

  /** Reads a file; {@link ConfigurationRefused} with everything that is wrong in it. */
  static <T> T read(Path file, Function<Table, T> meaning) {
    return check(file, parse(file), meaning);
  }

  /** What it means when nothing at all is said. */
  static <T> T defaults(Function<Table, T> meaning) {
    return check(Path.of("(defaults)"), JsonNodeFactory.instance.objectNode(), meaning);
  }

  private static <T> T check(Path file, JsonNode node, Function<Table, T> meaning) {
    Troubles troubles = new Troubles(file);
    Table root = new Table("", node, troubles);
    T result;
    try {
      result = meaning.apply(root);
    } catch (IllegalArgumentException e) {
      // A value that its own type refuses. What comes after it was not asked for, so nothing can
      // be said of what is unknown: that is told when this is mended.
      troubles.add(String.valueOf(e.getMessage()));
      troubles.refuse();
      throw e;
    }
    root.refuseUnknown();
    troubles.refuse();
    return result;
  }

  private static JsonNode parse(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new ConfigurationRefused(
            List.of(file + ": expected at most 1 MiB, found " + Files.size(file) + " bytes"));
      }
      return new TomlMapper().readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new ConfigurationRefused(List.of(file + ": expected a TOML file, found none"));
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new ConfigurationRefused(
          List.of(
              "%s: expected TOML, found at line %d, column %d: %s"
                  .formatted(file, at.getLineNr(), at.getColumnNr(), e.getOriginalMessage())));
    } catch (IOException e) {
      throw new ConfigurationRefused(
          List.of("%s: expected a readable UTF-8 file: %s".formatted(file, e.getMessage())));
    }
  }
}
