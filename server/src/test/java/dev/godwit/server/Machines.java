package dev.godwit.server;

import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import java.util.List;

/** Small machines without guests, as they announce themselves. */
public final class Machines {
  private Machines() {}

  /** One that calls itself so. */
  public static HostInventory machine(HostName name, String identity, String address) {
    return new HostInventory(
        name,
        "n",
        address,
        address + ":1",
        "QEMU",
        1,
        1,
        List.of("kvm"),
        "{}",
        1,
        1024,
        1024,
        1,
        1,
        1,
        List.of(),
        identity);
  }
}
