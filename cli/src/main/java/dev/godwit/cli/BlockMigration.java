package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Compute's block_migration: whether disks are copied, or as each disk needs it. */
enum BlockMigration {
  AUTO,
  TRUE,
  FALSE;

  JsonNode json() {
    return switch (this) {
      case AUTO -> TextNode.valueOf("auto");
      case TRUE -> BooleanNode.TRUE;
      case FALSE -> BooleanNode.FALSE;
    };
  }

  /** Reads the words of the API. */
  static final class Converter implements ITypeConverter<BlockMigration> {
    @Override
    public BlockMigration convert(String value) {
      return switch (value) {
        case "auto" -> AUTO;
        case "true" -> TRUE;
        case "false" -> FALSE;
        default ->
            throw new TypeConversionException(
                "expected auto, true or false, found '" + value + "'");
      };
    }
  }

  /** For the completion script. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("auto", "true", "false").iterator();
    }
  }
}
