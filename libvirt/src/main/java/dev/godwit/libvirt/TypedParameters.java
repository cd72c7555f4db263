package dev.godwit.libvirt;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** An immutable copy of libvirt's typed parameters: a value of one of four kinds by name. */
public final class TypedParameters {
  /** A value; all of libvirt's integers are a long (unsigned ones keep their bits). */
  public sealed interface Value {}

  /** Any of libvirt's four integer types. */
  public record Whole(long value) implements Value {}

  /** A double. */
  public record Real(double value) implements Value {}

  /** A boolean. */
  public record Truth(boolean value) implements Value {}

  /** A string. */
  public record Text(String value) implements Value {}

  private final Map<String, Value> values;

  /** A copy of these. */
  public TypedParameters(Map<String, Value> values) {
    this.values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** All values, sorted by name. */
  public Map<String, Value> values() {
    return values;
  }

  /** The integer of that name; empty when there is none, or it is of another kind. */
  public OptionalLong whole(String name) {
    return values.get(name) instanceof Whole(long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  /** The double of that name. */
  public OptionalDouble real(String name) {
    return values.get(name) instanceof Real(double value)
        ? OptionalDouble.of(value)
        : OptionalDouble.empty();
  }

  /** The boolean of that name. */
  public Optional<Boolean> truth(String name) {
    return values.get(name) instanceof Truth(boolean value) ? Optional.of(value) : Optional.empty();
  }

  /** The string of that name. */
  public Optional<String> text(String name) {
    return values.get(name) instanceof Text(String value) ? Optional.of(value) : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TypedParameters that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
