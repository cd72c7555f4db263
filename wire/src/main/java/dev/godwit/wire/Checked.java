package dev.godwit.wire;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Values of messages, checked where they enter; {@link BadMessage} when one is not what it says.
 */
final class Checked {
  static final int MOST_DISKS = 64;
  private static final Pattern IDENTITY = Pattern.compile("[A-Za-z0-9/-]{1,100}");

  private Checked() {}

  static InstanceId instance(String text) {
    try {
      return InstanceId.of(text);
    } catch (IllegalArgumentException e) {
      throw new BadMessage("instance: expected a UUID, found '" + shown(text) + "'");
    }
  }

  static MigrationId migration(String text) {
    try {
      return MigrationId.of(text);
    } catch (IllegalArgumentException e) {
      throw new BadMessage("migration: expected a UUID, found '" + shown(text) + "'");
    }
  }

  static HostName host(String text) {
    try {
      return new HostName(text);
    } catch (IllegalArgumentException e) {
      throw new BadMessage(String.valueOf(e.getMessage()));
    }
  }

  static String identity(String text) {
    if (!IDENTITY.matcher(text).matches()) {
      throw new BadMessage(
          "identity: expected the machine's, found '%s'; is the agent of this version?"
              .formatted(shown(text)));
    }
    return text;
  }

  static String absolutePath(String text) {
    if (!text.startsWith("/") || text.contains("/../") || text.endsWith("/..")) {
      throw new BadMessage("path: expected an absolute one, found '" + shown(text) + "'");
    }
    return text;
  }

  static <E extends Enum<E>> E word(Class<E> type, String text) {
    try {
      return Enum.valueOf(type, text);
    } catch (IllegalArgumentException e) {
      throw new BadMessage(
          "%s: expected one of %s, found '%s'"
              .formatted(
                  type.getSimpleName().toLowerCase(Locale.ROOT),
                  List.of(type.getEnumConstants()),
                  shown(text)));
    }
  }

  static long notNegative(long value, String what) {
    if (value < 0) {
      throw new BadMessage("%s: expected at least 0, found %s".formatted(what, value));
    }
    return value;
  }

  static <T> List<T> atMost(int most, List<T> items, String what) {
    if (items.size() > most) {
      throw new BadMessage("%s: expected at most %s, found %s".formatted(what, most, items.size()));
    }
    return items;
  }

  private static String shown(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
