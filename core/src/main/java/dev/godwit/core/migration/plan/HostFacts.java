package dev.godwit.core.migration.plan;

import dev.godwit.core.model.HostName;

/**
 * A host as the server knows it.
 *
 * @param up its agent was heard lately
 * @param freeMemoryMib after what is claimed, with the allocation ratio
 */
public record HostFacts(
    HostName name, boolean up, boolean enabled, String disabledReason, long freeMemoryMib) {}
