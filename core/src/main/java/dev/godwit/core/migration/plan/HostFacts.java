package dev.godwit.core.migration.plan;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Resources;
import java.util.Map;

/**
 * A host as the server knows it.
 *
 * @param up its agent was heard lately
 * @param free after what is claimed, with the allocation ratios
 * @param claimedBytesByFileSystem what moves under way have yet to write there
 */
public record HostFacts(
    HostName name,
    boolean up,
    boolean enabled,
    String disabledReason,
    Resources free,
    Map<String, Long> claimedBytesByFileSystem) {
  public HostFacts {
    claimedBytesByFileSystem = Map.copyOf(claimedBytesByFileSystem);
  }
}
