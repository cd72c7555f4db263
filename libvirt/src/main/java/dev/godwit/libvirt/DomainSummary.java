package dev.godwit.libvirt;

import java.util.OptionalInt;
import java.util.UUID;

/**
 * One line of a listing.
 *
 * @param id libvirt's number of the running guest; empty when it does not run
 */
public record DomainSummary(UUID uuid, String name, OptionalInt id) {}
