package dev.godwit.server.store;

import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An instance as recorded.
 *
 * @param number its place in the order of creation, as in instance-0000002a
 * @param spec what it was made of; empty for an adopted one
 */
public record Instance(
    InstanceId id,
    long number,
    String name,
    Owner owner,
    Optional<HostName> host,
    Optional<String> node,
    VmState vmState,
    TaskState taskState,
    PowerState powerState,
    Flavor flavor,
    String imageId,
    Optional<GuestSpec> spec,
    Map<String, String> metadata,
    Optional<String> description,
    Optional<Fault> fault,
    Instant createdAt,
    Instant updatedAt,
    Optional<Instant> launchedAt,
    Optional<Instant> terminatedAt) {

  /** Further in the future no record is but by a clock that was set back since. */
  public static final Duration CLOCK_SET_BACK = Duration.ofSeconds(10);

  /** Whose it is. */
  public record Owner(String projectId, String userId) {}

  /** Why it is in ERROR. */
  public record Fault(int code, String message, Instant at) {}

  /** libvirt's and Nova's name of the domain. */
  public String domainName() {
    return "instance-%08x".formatted(number);
  }

  /** The host; only for an instance that was scheduled. */
  public HostName scheduledHost() {
    return host.orElseThrow(() -> new IllegalStateException("instance " + id + " has no host"));
  }
}
