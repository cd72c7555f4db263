package dev.godwit.server.fleet;

import dev.godwit.core.migration.plan.HostFacts;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.server.store.HostRow;
import dev.godwit.server.store.HostRows;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The hosts as the server knows them: what they announced, and how lately. */
public final class Fleet {
  /** A host is up as long as it was heard within this time. */
  static final Duration HEARD_WITHIN = Duration.ofSeconds(6);

  /** Nova's default ram_allocation_ratio. */
  private static final double MEMORY_ALLOCATION_RATIO = 1.5;

  private final HostRows rows;
  private final Clock clock;

  public Fleet(HostRows rows, Clock clock) {
    this.rows = rows;
    this.clock = clock;
  }

  /** A host and what it is fit for now. */
  public record Member(HostRow row, boolean up, long freeMemoryMib) {
    /** Its name. */
    public HostName name() {
      return row.name();
    }

    /** As the pre-checks want it. */
    public HostFacts facts() {
      return new HostFacts(
          row.name(), up, !row.disabled(), row.disabledReason().orElse(""), freeMemoryMib);
    }

    /** True when new guests may come. */
    public boolean takesGuests() {
      return up && !row.disabled();
    }
  }

  /** Takes an announcement in. */
  public void announced(HostInventory inventory) {
    rows.announced(inventory, clock.instant());
  }

  /** All hosts that ever announced themselves. */
  public List<Member> members() {
    Map<HostName, Long> taken = rows.takenMib();
    return rows.all().stream().map(row -> member(row, taken)).toList();
  }

  private Member member(HostRow row, Map<HostName, Long> taken) {
    boolean heard = Duration.between(row.seenAt(), clock.instant()).compareTo(HEARD_WITHIN) <= 0;
    long room = (long) (row.inventory().memoryMib() * MEMORY_ALLOCATION_RATIO);
    return new Member(row, heard && !row.forcedDown(), room - taken.getOrDefault(row.name(), 0L));
  }

  /** One of them. */
  public Optional<Member> find(HostName name) {
    return members().stream().filter(member -> member.name().equals(name)).findFirst();
  }

  /** Enables or disables; false when there is no such host. */
  public boolean setEnabled(HostName host, boolean enabled, Optional<String> reason) {
    return rows.setEnabled(host, enabled, reason);
  }

  /** An operator's word that it is down; false when there is no such host. */
  public boolean setForcedDown(HostName host, boolean down) {
    return rows.setForcedDown(host, down);
  }
}
