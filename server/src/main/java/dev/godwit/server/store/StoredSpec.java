package dev.godwit.server.store;

import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestSpec;
import java.util.List;
import java.util.Optional;

/** A guest's spec as stored; which kind of boot it has is told by what is there. */
record StoredSpec(
    String name,
    int memoryMib,
    int vcpus,
    Optional<BootSpec.Kernel> kernel,
    List<DiskSpec> disks,
    List<String> networkAddresses) {
  static String text(GuestSpec spec) {
    Optional<BootSpec.Kernel> kernel =
        switch (spec.boot()) {
          case BootSpec.Kernel it -> Optional.of(it);
          case BootSpec.Disk() -> Optional.empty();
        };
    return StoredJson.text(
        new StoredSpec(
            spec.name(),
            spec.memoryMib(),
            spec.vcpus(),
            kernel,
            spec.disks(),
            spec.networkAddresses()));
  }

  static GuestSpec read(String text) {
    StoredSpec stored = StoredJson.read(text, StoredSpec.class);
    return new GuestSpec(
        stored.name,
        stored.memoryMib,
        stored.vcpus,
        stored.kernel.<BootSpec>map(kernel -> kernel).orElseGet(BootSpec.Disk::new),
        stored.disks,
        stored.networkAddresses);
  }
}
