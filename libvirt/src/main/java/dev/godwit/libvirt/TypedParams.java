package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Between libvirt's typed parameters and ours. Names and types are read from the public array,
 * values only by libvirt's own add and get functions.
 */
final class TypedParams {
  private static final long STRIDE_BYTES = 96;
  private static final long TYPE_OFFSET = 80;

  private TypedParams() {}

  /** Copies an array that libvirt owns. */
  static TypedParameters read(LibvirtC c, MemorySegment array, int count) {
    Map<String, TypedParameters.Value> values = new TreeMap<>();
    if (count > 0) {
      MemorySegment all = array.reinterpret(STRIDE_BYTES * count);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment cell = arena.allocate(JAVA_LONG);
        for (int i = 0; i < count; i++) {
          MemorySegment one = all.asSlice(STRIDE_BYTES * i, STRIDE_BYTES);
          MemorySegment name = one.asSlice(0, TYPE_OFFSET);
          value(c, all, count, name, one.get(JAVA_INT, TYPE_OFFSET), cell)
              .ifPresent(value -> values.put(name.getString(0), value));
        }
      }
    }
    return new TypedParameters(values);
  }

  private static java.util.Optional<TypedParameters.Value> value(
      LibvirtC c, MemorySegment all, int count, MemorySegment name, int type, MemorySegment cell) {
    return switch (type) {
      case 1 ->
          when(
              c.virTypedParamsGetInt(all, count, name, cell),
              () -> new TypedParameters.Whole(cell.get(JAVA_INT, 0)));
      case 2 ->
          when(
              c.virTypedParamsGetUInt(all, count, name, cell),
              () -> new TypedParameters.Whole(Integer.toUnsignedLong(cell.get(JAVA_INT, 0))));
      case 3 ->
          when(
              c.virTypedParamsGetLLong(all, count, name, cell),
              () -> new TypedParameters.Whole(cell.get(JAVA_LONG, 0)));
      case 4 ->
          when(
              c.virTypedParamsGetULLong(all, count, name, cell),
              () -> new TypedParameters.Whole(cell.get(JAVA_LONG, 0)));
      case 5 ->
          when(
              c.virTypedParamsGetDouble(all, count, name, cell),
              () -> new TypedParameters.Real(cell.get(JAVA_DOUBLE, 0)));
      case 6 ->
          when(
              c.virTypedParamsGetBoolean(all, count, name, cell),
              () -> new TypedParameters.Truth(cell.get(JAVA_INT, 0) != 0));
      case 7 ->
          when(
              c.virTypedParamsGetString(all, count, name, cell),
              () -> new TypedParameters.Text(Memory.borrowed(Memory.follow(cell)).orElse("")));
      default -> java.util.Optional.empty();
    };
  }

  private static java.util.Optional<TypedParameters.Value> when(
      int result, java.util.function.Supplier<TypedParameters.Value> value) {
    return result == 1 ? java.util.Optional.of(value.get()) : java.util.Optional.empty();
  }

  /** An array for one call; {@link #free} after it. */
  record Native(MemorySegment cell, MemorySegment count) {
    MemorySegment array() {
      return Memory.follow(cell);
    }

    int size() {
      return count.get(JAVA_INT, 0);
    }

    void free(LibvirtC c) {
      c.virTypedParamsFree(array(), size());
    }
  }

  /** Makes libvirt's array of our parameters; when that fails nothing is left of it. */
  static Native write(LibvirtC c, Arena arena, List<MigrateParameters.Parameter> parameters) {
    Native made = new Native(arena.allocate(ADDRESS), arena.allocate(JAVA_INT));
    MemorySegment room = arena.allocate(JAVA_INT);
    try {
      for (MigrateParameters.Parameter parameter : parameters) {
        if (add(c, arena, made, room, parameter) < 0) {
          throw NativeErrors.local(c);
        }
      }
      return made;
    } catch (Throwable t) {
      made.free(c);
      throw t;
    }
  }

  private static int add(
      LibvirtC c,
      Arena arena,
      Native made,
      MemorySegment room,
      MigrateParameters.Parameter parameter) {
    MemorySegment name = arena.allocateFrom(parameter.name());
    return switch (parameter.value()) {
      case TypedParameters.Text(String text) ->
          c.virTypedParamsAddString(made.cell, made.count, room, name, arena.allocateFrom(text));
      case TypedParameters.Whole(long number) when parameter.wide() ->
          c.virTypedParamsAddULLong(made.cell, made.count, room, name, number);
      case TypedParameters.Whole(long number) ->
          c.virTypedParamsAddInt(made.cell, made.count, room, name, Math.toIntExact(number));
      case TypedParameters.Real _, TypedParameters.Truth _ ->
          throw new IllegalArgumentException(
              "no migration parameter is of this kind: " + parameter.name());
    };
  }
}
