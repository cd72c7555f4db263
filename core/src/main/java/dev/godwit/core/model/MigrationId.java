package dev.godwit.core.model;

import java.util.UUID;

/** Identity of one migration; everything made for it carries this id. */
public record MigrationId(UUID value) {
  /** Parses a UUID; {@link IllegalArgumentException} when it is none. */
  public static MigrationId of(String text) {
    return new MigrationId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
