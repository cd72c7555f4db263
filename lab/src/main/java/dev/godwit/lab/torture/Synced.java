package dev.godwit.lab.torture;

import dev.godwit.lab.probe.DiskRecords;
import java.util.Map;
import java.util.Optional;

/**
 * What must be on the disks of a guest that is started again from them. Records of before the case
 * do not tell the right disk from a stale one, for both have them; so the last that the guest said
 * to have synced counts, unless what a copy did is lost as documented or somebody ruled which disks
 * are the ones.
 *
 * @param before what it read back before the case, which no copy may lack
 * @param told the newest record of each disk that the guest told before it was gone; empty where
 *     what a copy did is lost
 * @param ruledFor the newest record of each disk that was ruled for; empty without a ruling
 */
record Synced(DiskRecords before, Optional<Map<String, Long>> told, Map<String, Long> ruledFor) {
  Synced {
    told = told.map(Map::copyOf);
    ruledFor = Map.copyOf(ruledFor);
  }

  /** What the guest did not find there when it was started. */
  Optional<String> wrong(DiskRecords now) {
    long old = now.lostAtStart(before.newest());
    if (old > 0) {
      return Optional.of(
          "%d records are missing on its disk: before the case they went up to %s, and it found up to %s"
              .formatted(old, before.newest(), now.found()));
    }
    if (!ruledFor.isEmpty()) {
      return now.found().equals(ruledFor)
          ? Optional.empty()
          : Optional.of(
              "it was started with records up to %s; on the disks that were ruled for they went up to %s"
                  .formatted(now.found(), ruledFor));
    }
    return told.flatMap(synced -> wrong(synced, now));
  }

  private static Optional<String> wrong(Map<String, Long> synced, DiskRecords now) {
    if (synced.isEmpty()) {
      return Optional.of("it told of no record before it was gone: nothing shows what it lost");
    }
    long lost = now.lostAtStart(synced);
    return lost == 0
        ? Optional.empty()
        : Optional.of(
            "%d records are missing on its disk: it had synced up to %s, and found up to %s"
                .formatted(lost, synced, now.found()));
  }
}
