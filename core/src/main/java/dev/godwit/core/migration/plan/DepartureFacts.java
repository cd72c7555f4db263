package dev.godwit.core.migration.plan;

import java.util.Map;

/**
 * What the source's agent says of a plan: whether the guest could leave by it, with nothing left
 * behind.
 *
 * @param keptDisks disks that travel and could not be removed here afterwards, by target, with why
 */
public record DepartureFacts(Map<String, String> keptDisks) {
  public DepartureFacts {
    keptDisks = Map.copyOf(keptDisks);
  }
}
