package dev.godwit.server.store;

import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A host that announced itself once.
 *
 * @param number the integer id of old API versions
 * @param fence present from somebody's word that it is dead until it is heard again
 */
public record HostRow(
    HostName name,
    long number,
    UUID serviceId,
    UUID hypervisorId,
    boolean disabled,
    Optional<String> disabledReason,
    boolean forcedDown,
    HostInventory inventory,
    Instant seenAt,
    Optional<Fence> fence) {}
