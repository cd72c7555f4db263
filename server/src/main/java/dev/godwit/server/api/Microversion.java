package dev.godwit.server.api;

import java.util.Arrays;
import java.util.Optional;

/** A version of the Compute API, 2.minor. */
public record Microversion(int minor) implements Comparable<Microversion> {
  /** The oldest, which everybody gets who asks for none. */
  static final Microversion MIN = new Microversion(1);

  /** The newest that is served. */
  static final Microversion MAX = new Microversion(80);

  /** True from that version on. */
  public boolean from(int other) {
    return minor >= other;
  }

  @Override
  public int compareTo(Microversion other) {
    return Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return "2." + minor;
  }

  /** The newer form may name several services' versions. */
  private static Optional<String> ofCompute(String header) {
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .filter(value -> value.startsWith("compute "))
        .map(value -> value.substring("compute ".length()).strip())
        .findFirst();
  }

  /** Reads both headers; the newer form wins. */
  static Microversion of(Optional<String> header, Optional<String> legacy) {
    String asked =
        header.flatMap(Microversion::ofCompute).or(() -> legacy.map(String::strip)).orElse("2.1");
    if (asked.equals("latest")) {
      return MAX;
    }
    if (!asked.matches("[1-9]\\d{0,3}\\.(0|[1-9]\\d{0,3})")) {
      throw Fault.badRequest(
          "API Version String %s is of invalid format. Must be of format MajorNum.MinorNum."
              .formatted(Body.shown(asked)));
    }
    int dot = asked.indexOf('.');
    int major = Integer.parseInt(asked.substring(0, dot));
    int minor = Integer.parseInt(asked.substring(dot + 1));
    if (major != 2 || minor < MIN.minor || minor > MAX.minor) {
      throw new Fault(
          406,
          "Version %s is not supported by the API. Minimum is %s and maximum is %s."
              .formatted(asked, MIN, MAX));
    }
    return new Microversion(minor);
  }
}
