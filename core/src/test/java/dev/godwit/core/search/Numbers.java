package dev.godwit.core.search;

import dev.godwit.core.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Numbers for equal values, few enough for so many bits. */
final class Numbers<T> {
  private final String what;
  private final int bits;
  private final Map<T, Integer> numbers = new HashMap<>();
  private final IdentityHashMap<T, Integer> known = new IdentityHashMap<>();
  private final List<T> values = new ArrayList<>();

  Numbers(String what, int bits) {
    this.what = what;
    this.bits = bits;
  }

  int bits() {
    return bits;
  }

  T value(int number) {
    return values.get(number);
  }

  int of(T value) {
    Integer same = known.get(value);
    return same == null ? look(value) : same;
  }

  private int look(T value) {
    Integer equal = numbers.get(value);
    if (equal != null) {
      return equal;
    }
    int number = values.size();
    Check.that(number < 1 << bits, "more than %s different values of %s", 1 << bits, what);
    values.add(value);
    numbers.put(value, number);
    known.put(value, number);
    return number;
  }

  /** The one of all equal values that is found fastest. */
  T one(T value) {
    return values.get(of(value));
  }

  @Override
  public String toString() {
    return what + " " + values.size();
  }
}
