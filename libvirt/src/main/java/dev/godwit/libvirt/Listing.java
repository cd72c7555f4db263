package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/** Reads libvirt's array of domains, and gives back all of it whatever happens. */
final class Listing {
  private Listing() {}

  static List<DomainSummary> read(Call call, Collection<DomainListFlag> flags) {
    MemorySegment cell = call.arena().allocate(ADDRESS);
    int count =
        call.check(call.c().virConnectListAllDomains(call.connection(), cell, Flag.bits(flags)));
    MemorySegment array = Memory.follow(cell);
    MemorySegment domains = array.reinterpret(ADDRESS.byteSize() * count);
    try {
      List<DomainSummary> found = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        found.add(summary(call.c(), domains.getAtIndex(ADDRESS, i)));
      }
      return found;
    } finally {
      for (int i = 0; i < count; i++) {
        call.c().virDomainFree(domains.getAtIndex(ADDRESS, i));
      }
      Memory.free(array);
    }
  }

  private static DomainSummary summary(LibvirtC c, MemorySegment domain) {
    int id = c.virDomainGetID(domain);
    return new DomainSummary(
        Memory.uuid(c, domain),
        Memory.borrowed(c.virDomainGetName(domain)).orElse(""),
        id < 0 ? OptionalInt.empty() : OptionalInt.of(id));
  }
}
