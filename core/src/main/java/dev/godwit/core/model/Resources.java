package dev.godwit.core.model;

/**
 * Memory and vCPUs of a host: what a guest wants, what may be taken in all, what is taken. Less
 * than nothing may be left where guests were adopted.
 */
public record Resources(long memoryMib, long vcpus) {
  /** Nothing. */
  public static final Resources NONE = new Resources(0, 0);

  /** More than anybody wants. */
  public static final Resources UNLIMITED = new Resources(Long.MAX_VALUE, Long.MAX_VALUE);

  /** What is left when that is taken. */
  public Resources minus(Resources taken) {
    return new Resources(memoryMib - taken.memoryMib, vcpus - taken.vcpus);
  }

  /** True when there is enough of both. */
  public boolean covers(Resources wanted) {
    return memoryMib >= wanted.memoryMib && vcpus >= wanted.vcpus;
  }

  /** For people. */
  @Override
  public String toString() {
    return "%d MiB and %d vCPUs".formatted(memoryMib, vcpus);
  }
}
