package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.plan.DestinationFacts.Room;
import java.util.List;
import java.util.Optional;

/**
 * Room that the copy of one disk takes at the destination.
 *
 * @param target the guest's device
 * @param bytes what the copy writes there
 * @param room where, and what was free there when the agent looked
 */
public record DiskClaim(String target, String path, long bytes, Room room) {
  /** One for each disk that would be copied; a place of which nothing was told has no room. */
  static List<DiskClaim> of(GuestFacts guest, DestinationFacts destination) {
    return guest.disks().stream()
        .filter(GuestFacts.DiskFacts::local)
        .filter(disk -> disk.writable() && !destination.sharedPaths().contains(disk.path()))
        .map(disk ->
            new DiskClaim(
                disk.target(),
                disk.path(),
                disk.allocatedBytes(),
                Optional.ofNullable(destination.roomByPath().get(disk.path()))
                    .orElse(new Room(disk.path(), 0))))
        .toList();
  }
}
