package dev.godwit.core.search;

import java.util.Arrays;

/** All worlds that were found, in the order in which they were, and what led to each. */
final class Atlas {
  private static final int LONGS = Packing.LONGS;
  private static final int CHUNK = 1 << 20;

  private long[][] worlds = new long[16][];
  private int[] parents = new int[CHUNK];
  private int[] words = new int[CHUNK];
  private int[] table = new int[CHUNK];
  private int size;

  Atlas() {
    Arrays.fill(table, -1);
  }

  int size() {
    return size;
  }

  int parent(int world) {
    return parents[world];
  }

  int words(int world) {
    return words[world];
  }

  World world(int number, Packing packing) {
    return packing.unpack(worlds[number / CHUNK], (number % CHUNK) * LONGS);
  }

  /** Its number; a new one, equal to {@link #size} before, when it was not known. */
  int add(long[] world, int parent, int said) {
    int slot = slot(world);
    if (table[slot] >= 0) {
      return table[slot];
    }
    int number = size++;
    table[slot] = number;
    keep(number, world);
    if (number == parents.length) {
      parents = Arrays.copyOf(parents, 2 * number);
      words = Arrays.copyOf(words, 2 * number);
    }
    parents[number] = parent;
    words[number] = said;
    if (size * 2 > table.length) {
      grow();
    }
    return number;
  }

  private void keep(int number, long[] world) {
    int chunk = number / CHUNK;
    if (chunk == worlds.length) {
      worlds = Arrays.copyOf(worlds, 2 * chunk);
    }
    if (number % CHUNK == 0) {
      worlds[chunk] = new long[CHUNK * LONGS];
    }
    System.arraycopy(world, 0, worlds[chunk], (number % CHUNK) * LONGS, LONGS);
  }

  private int slot(long[] world) {
    int mask = table.length - 1;
    int slot = hash(world, 0) & mask;
    while (table[slot] >= 0 && !same(table[slot], world)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean same(int number, long[] world) {
    long[] chunk = worlds[number / CHUNK];
    int offset = (number % CHUNK) * LONGS;
    for (int i = 0; i < LONGS; i++) {
      if (chunk[offset + i] != world[i]) {
        return false;
      }
    }
    return true;
  }

  private static int hash(long[] from, int offset) {
    long hash = 0;
    for (int i = 0; i < LONGS; i++) {
      hash = (hash ^ from[offset + i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }

  private void grow() {
    table = new int[table.length * 2];
    Arrays.fill(table, -1);
    int mask = table.length - 1;
    for (int number = 0; number < size; number++) {
      int slot = hash(worlds[number / CHUNK], (number % CHUNK) * LONGS) & mask;
      while (table[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = number;
    }
  }
}
