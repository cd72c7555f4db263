package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One --disk of a new guest. */
record DiskOption(
    String target, String directory, String format, long sizeMib, Optional<String> backingFile) {
  static final String FORM =
      "target=vda,directory=local|shared,format=qcow2|raw,size=64M[,backing=PATH]";

  JsonNode json() {
    var disk =
        Api.object()
            .put("target", target)
            .put("directory", directory)
            .put("format", format)
            .put("size_mib", sizeMib);
    backingFile.ifPresent(path -> disk.put("backing_file", path));
    return disk;
  }

  /** Reads KEY=VALUE pairs divided by commas. */
  static final class Converter implements ITypeConverter<DiskOption> {
    private static final Set<String> KEYS =
        Set.of("target", "directory", "format", "size", "backing");
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})(M|MiB|G|GiB)");

    @Override
    public DiskOption convert(String value) {
      Map<String, String> pairs = new HashMap<>();
      for (String pair : value.split(",", -1)) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        if (equals < 0 || !KEYS.contains(key)) {
          throw wrong("'" + pair + "' is none of its parts");
        }
        if (pairs.put(key, pair.substring(equals + 1)) != null) {
          throw wrong(key + " is given twice");
        }
      }
      return new DiskOption(
          matching(pairs, "target", "[a-z]{2,3}[a-z]"),
          matching(pairs, "directory", "local|shared"),
          matching(pairs, "format", "qcow2|raw"),
          size(matching(pairs, "size", SIZE.pattern())),
          Optional.ofNullable(pairs.get("backing")));
    }

    private static String matching(Map<String, String> pairs, String key, String form) {
      String value = pairs.get(key);
      if (value == null) {
        throw wrong(key + " is missing");
      }
      if (!value.matches(form)) {
        throw wrong(key + " is '" + value + "'");
      }
      return value;
    }

    private static long size(String value) {
      Matcher matcher = SIZE.matcher(value);
      if (!matcher.matches()) {
        throw wrong("size is '" + value + "'");
      }
      long number = Long.parseLong(matcher.group(1));
      return matcher.group(2).startsWith("G") ? number * 1024 : number;
    }

    private static TypeConversionException wrong(String found) {
      return new TypeConversionException("expected " + FORM + "; found that " + found);
    }
  }
}
