package dev.godwit.core.migration.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the source's agent says of a plan: whether the guest could leave by it, with nothing left
 * behind.
 *
 * @param keptDisks disks that travel and could not be removed here afterwards, by target, with why
 * @param links the destination's addresses that the move needs, each tried from here just now
 */
public record DepartureFacts(Map<String, String> keptDisks, List<Link> links) {
  /**
   * An address that was tried.
   *
   * @param address with protocol and port, for example tcp 10.0.0.2:16514
   * @param trouble why it is not reached; empty when it is
   */
  public record Link(String address, Optional<String> trouble) {}

  public DepartureFacts {
    keptDisks = Map.copyOf(keptDisks);
    links = List.copyOf(links);
  }
}
