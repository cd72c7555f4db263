package dev.godwit.core.search;

import java.util.Arrays;
import java.util.BitSet;

/** From which world one comes to which: enough to ask whether an end can be reached. */
final class Ways {
  private int[] from = new int[1 << 20];
  private int[] to = new int[1 << 20];
  private int size;

  void add(int before, int after) {
    if (size == from.length) {
      from = Arrays.copyOf(from, size + size / 2);
      to = Arrays.copyOf(to, size + size / 2);
    }
    from[size] = before;
    to[size++] = after;
  }

  /** All from which one of these is reached, themselves among them. */
  BitSet leadingTo(BitSet ends, int worlds) {
    int[] first = new int[worlds + 1];
    for (int i = 0; i < size; i++) {
      first[to[i] + 1]++;
    }
    for (int i = 0; i < worlds; i++) {
      first[i + 1] += first[i];
    }
    int[] next = Arrays.copyOf(first, worlds);
    int[] before = new int[size];
    for (int i = 0; i < size; i++) {
      before[next[to[i]]++] = from[i];
    }
    BitSet reached = (BitSet) ends.clone();
    int[] queue = new int[worlds];
    int tail = 0;
    for (int end = ends.nextSetBit(0); end >= 0; end = ends.nextSetBit(end + 1)) {
      queue[tail++] = end;
    }
    for (int head = 0; head < tail; head++) {
      for (int i = first[queue[head]]; i < first[queue[head] + 1]; i++) {
        if (!reached.get(before[i])) {
          reached.set(before[i]);
          queue[tail++] = before[i];
        }
      }
    }
    return reached;
  }
}
