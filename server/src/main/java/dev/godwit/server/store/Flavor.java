package dev.godwit.server.store;

import dev.godwit.core.model.Resources;

/**
 * How large an instance is.
 *
 * @param number the integer that migrations show
 */
public record Flavor(int number, String id, String name, int memoryMib, int vcpus, int diskGib) {
  /** What a guest of it takes of a host. */
  public Resources resources() {
    return new Resources(memoryMib, vcpus);
  }
}
