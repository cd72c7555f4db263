package dev.godwit.lab.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The numbered, checksummed records that a guest reads back from its disks. */
public record DiskRecords(List<Disk> disks) {
  public DiskRecords {
    disks = List.copyOf(disks);
  }

  /**
   * One disk.
   *
   * @param found the newest record that was there when the guest was started
   * @param last the newest record's number
   * @param missing records below it that are not there or are damaged
   * @param failing the newest write failed
   */
  public record Disk(String name, long found, long last, long missing, boolean failing) {}

  static DiskRecords of(JsonNode answer) {
    List<Disk> disks = new ArrayList<>();
    answer
        .path("disks")
        .forEach(disk ->
            disks.add(
                new Disk(
                    disk.path("disk").textValue(),
                    disk.path("found").longValue(),
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
    long lost = damaged();
    for (Disk before : earlier.disks) {
      lost += behind(disk(before.name()).map(Disk::last), before.last());
    }
    return lost;
  }

  /**
   * Records that were synced and that a guest which was started from its disks did not find there.
   * What it wrote since cannot hide them.
   *
   * @param synced the newest record of each disk
   */
  public long lostAtStart(Map<String, Long> synced) {
    long lost = damaged();
    for (Map.Entry<String, Long> each : synced.entrySet()) {
      lost += behind(disk(each.getKey()).map(Disk::found), each.getValue());
    }
    return lost;
  }

  /** The newest record of each disk. */
  public Map<String, Long> newest() {
    return disks.stream().collect(Collectors.toUnmodifiableMap(Disk::name, Disk::last));
  }

  /** The newest record of each disk that was there when the guest was started. */
  public Map<String, Long> found() {
    return disks.stream().collect(Collectors.toUnmodifiableMap(Disk::name, Disk::found));
  }

  private long damaged() {
    return disks.stream().mapToLong(disk -> disk.missing() + (disk.failing() ? 1 : 0)).sum();
  }

  private Optional<Disk> disk(String name) {
    return disks.stream().filter(disk -> disk.name().equals(name)).findFirst();
  }

  private static long behind(Optional<Long> found, long expected) {
    return found.map(it -> Math.max(0, expected - it)).orElse(Math.max(1, expected));
  }
}
