package dev.godwit.core.migration;

import dev.godwit.core.model.HostName;
import java.util.Optional;

/**
 * What the caller asked for in os-migrateLive.
 *
 * @param destination the wanted host; empty to let Godwit choose
 * @param copyDisks block_migration: true, false, or empty for "auto"
 * @param handOver fast, strict, or empty for "auto"
 */
public record MigrationRequest(
    Optional<HostName> destination,
    Optional<Boolean> copyDisks,
    Optional<dev.godwit.core.model.HandOver> handOver) {
  /** Everything left to Godwit. */
  public static MigrationRequest anywhere() {
    return new MigrationRequest(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
