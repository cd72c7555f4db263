package dev.godwit.core.model;

import static dev.godwit.core.Check.argument;

import java.util.regex.Pattern;

/** Name of a compute host, as its agent announces it: letters, digits, dots and dashes. */
public record HostName(String value) {
  private static final Pattern VALID =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?");

  public HostName {
    argument(
        VALID.matcher(value).matches(),
        "host name: expected letters, digits, dots and dashes, found '%s'",
        value);
  }

  @Override
  public String toString() {
    return value;
  }
}
