package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.util.Optional;

/** A migration's row in a list, where one that cannot be read must not hide the others. */
public sealed interface Stored {
  /** One that was read. */
  record Read(MigrationRow row) implements Stored {}

  /**
   * One that this version cannot read, as far as its columns tell by themselves.
   *
   * @param phase as it is written
   * @param why it cannot be read, and what to do
   */
  record Unread(
      MigrationId id,
      long number,
      InstanceId instance,
      HostName source,
      Optional<HostName> destination,
      String phase,
      String why)
      implements Stored {}

  /** Its UUID. */
  default MigrationId id() {
    return switch (this) {
      case Read(MigrationRow row) -> row.migration().id();
      case Unread unread -> unread.id;
    };
  }

  /** Its number. */
  default long number() {
    return switch (this) {
      case Read(MigrationRow row) -> row.migration().number();
      case Unread unread -> unread.number;
    };
  }

  /** Empty for one that cannot be read. */
  default Optional<MigrationRow> read() {
    return switch (this) {
      case Read(MigrationRow row) -> Optional.of(row);
      case Unread _ -> Optional.empty();
    };
  }
}
