package dev.godwit.server.store;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.plan.CheckResult;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationSample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A migration with what only the server needs of it.
 *
 * @param requestId the API request that asked for it
 * @param checks the pre-checks' results, host by host
 * @param waiting what is awaited now
 */
public record MigrationRow(
    Migration migration,
    Instance.Owner requestedBy,
    String requestId,
    String sourceNode,
    Optional<HostName> destination,
    Optional<String> destinationNode,
    List<HostChecks> checks,
    Waiting waiting,
    Optional<MigrationSample> sample,
    Optional<Instant> transferAt,
    Optional<Instant> committedAt,
    Optional<Instant> endedAt,
    Instant updatedAt) {

  /** True when it ended for those who asked for it; a host that is back may have work to do yet. */
  public boolean over() {
    return endedAt.isPresent();
  }

  /** The checks of one candidate; of the guest itself when the host is its source. */
  public record HostChecks(HostName host, List<CheckResult> results) {
    public HostChecks {
      results = List.copyOf(results);
    }

    /** True when no check refused. */
    public boolean passed() {
      return results.stream().allMatch(CheckResult::passed);
    }
  }

  /** One line of the journal. */
  public record Entry(
      Instant at,
      String transition,
      String from,
      String to,
      Optional<String> step,
      String why,
      long epoch) {}
}
