package dev.godwit.lab.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The numbered, checksummed records that a guest reads back from its disks. */
public record DiskRecords(List<Disk> disks) {
  public DiskRecords {
    disks = List.copyOf(disks);
  }

  /**
   * One disk.
   *
   * @param last the newest record's number
   * @param missing records below it that are not there or are damaged
   * @param failing the newest write failed
   */
  public record Disk(String name, long last, long missing, boolean failing) {}

  static DiskRecords of(JsonNode answer) {
    List<Disk> disks = new ArrayList<>();
    answer
        .path("disks")
        .forEach(disk ->
            disks.add(
                new Disk(
                    disk.path("disk").textValue(),
                    disk.path("last").longValue(),
                    disk.path("missing").longValue(),
                    disk.path("failing").booleanValue())));
    return new DiskRecords(disks);
  }

  /**
   * Records that were there and are not any more: holes, and what a disk fell back by since an
   * earlier look. A disk that is gone, or takes no writes, lost at least one.
   */
  public long lostSince(DiskRecords earlier) {
    long lost = 0;
    for (Disk disk : disks) {
      lost += disk.missing() + (disk.failing() ? 1 : 0);
    }
    for (Disk before : earlier.disks) {
      lost +=
          disks.stream()
              .filter(disk -> disk.name().equals(before.name()))
              .findFirst()
              .map(disk -> Math.max(0, before.last() - disk.last()))
              .orElse(Math.max(1, before.last()));
    }
    return lost;
  }
}
