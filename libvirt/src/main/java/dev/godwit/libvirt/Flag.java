package dev.godwit.libvirt;

import java.util.Collection;

/** One bit of a libvirt flags argument. */
public sealed interface Flag
    permits MigrateFlag,
        DomainListFlag,
        DomainXmlFlag,
        CreateFlag,
        UndefineFlag,
        StatsGroup,
        AbortFlag {
  /** The bit as libvirt's headers give it. */
  int bit();

  /** All bits of the given flags in one word. */
  static int bits(Collection<? extends Flag> flags) {
    int bits = 0;
    for (Flag flag : flags) {
      bits |= flag.bit();
    }
    return bits;
  }
}
