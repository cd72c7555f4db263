package dev.godwit.core.model;

import java.util.UUID;

/** Identity of an instance; equal to the UUID of its libvirt domain. */
public record InstanceId(UUID value) {
  /** Parses a UUID; {@link IllegalArgumentException} when it is none. */
  public static InstanceId of(String text) {
    return new InstanceId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
