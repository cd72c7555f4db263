package dev.godwit.server.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One line of the routing table.
 *
 * @param template path with {placeholders}
 * @param from first microversion that has it
 * @param to last microversion that has it
 */
record Route(
    String method,
    String template,
    Access access,
    int from,
    int to,
    Function<Call, Reply> handler) {
  static final int FOR_EVER = Integer.MAX_VALUE;

  /** Who may. */
  enum Access {
    ANYBODY,
    READER,
    MEMBER,
    ADMIN;

    boolean permits(Caller caller) {
      return switch (this) {
        case ANYBODY -> true;
        case READER -> caller.reader();
        case MEMBER -> caller.member();
        case ADMIN -> caller.admin();
      };
    }
  }

  static Route of(String method, String template, Access access, Function<Call, Reply> handler) {
    return new Route(method, template, access, 1, FOR_EVER, handler);
  }

  Route since(int minor) {
    return new Route(method, template, access, minor, to, handler);
  }

  Route until(int minor) {
    return new Route(method, template, access, from, minor, handler);
  }

  Api.Line line(String prefix) {
    return new Api.Line(method, prefix + template, from, to);
  }

  /** The placeholders' values when the path fits. */
  Optional<Map<String, String>> match(List<String> segments) {
    List<String> wanted = segments(template);
    if (wanted.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String part = wanted.get(i);
      if (part.startsWith("{")) {
        values.put(part.substring(1, part.length() - 1), segments.get(i));
      } else if (!part.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  boolean serves(Microversion version) {
    return version.minor() >= from && version.minor() <= to;
  }

  static List<String> segments(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }
}
