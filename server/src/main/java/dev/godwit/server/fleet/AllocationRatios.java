package dev.godwit.server.fleet;

import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.Resources;

/**
 * How much of a host may be taken, for each CPU and MiB that it has.
 *
 * @param cpu Nova's cpu_allocation_ratio
 * @param ram Nova's ram_allocation_ratio
 */
public record AllocationRatios(double cpu, double ram) {
  /** Nova's. */
  public static final AllocationRatios DEFAULT = new AllocationRatios(16.0, 1.5);

  Resources of(HostInventory host) {
    return new Resources((long) (host.memoryMib() * ram), (long) (host.vcpus() * cpu));
  }
}
