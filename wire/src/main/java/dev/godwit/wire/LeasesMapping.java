package dev.godwit.wire;

import dev.godwit.core.migration.plan.DiskLeases;
import dev.godwit.wire.proto.DiskLeasesMessage;
import java.util.Optional;
import java.util.regex.Pattern;

/** libvirt's leases of a guest's disks. */
final class LeasesMapping {
  private static final Pattern DRIVER = Pattern.compile("[a-z0-9_-]{1,32}");

  private LeasesMapping() {}

  static DiskLeasesMessage message(DiskLeases leases) {
    DiskLeasesMessage.Builder to = DiskLeasesMessage.newBuilder().putAllFiles(leases.files());
    leases.driver().ifPresent(to::setDriver);
    return to.build();
  }

  /** Checked; an agent that does not tell of leases knows of none. */
  static DiskLeases leases(DiskLeasesMessage from) {
    if (from.getFilesCount() > Checked.MOST_DISKS) {
      throw new BadMessage(
          "leases: expected at most %d, found %d"
              .formatted(Checked.MOST_DISKS, from.getFilesCount()));
    }
    from.getFilesMap()
        .forEach((disk, lease) -> {
          var _ = Checked.absolutePath(disk);
          var _ = Checked.absolutePath(lease);
        });
    return new DiskLeases(
        from.hasDriver() ? Optional.of(driver(from.getDriver())) : Optional.empty(),
        from.getFilesMap());
  }

  private static String driver(String word) {
    if (!DRIVER.matcher(word).matches()) {
      throw new BadMessage("lock manager: expected libvirt's word for one, such as lockd");
    }
    return word;
  }
}
