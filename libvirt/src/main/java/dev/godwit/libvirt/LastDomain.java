package dev.godwit.libvirt;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.UUID;

/**
 * The pointer to the domain that a connection asked for last: questions about one guest come in
 * rows, and each look-up is a call of its own to the daemon. libvirt finds the domain anew, by the
 * UUID in it, whenever it is used; only name and number in it may be old. Used by the connection's
 * thread alone.
 */
final class LastDomain {
  private Optional<Held> held = Optional.empty();

  private record Held(UUID uuid, MemorySegment pointer) {}

  /** The domain's pointer, which stays this object's. */
  MemorySegment of(Call call, UUID uuid) {
    Optional<Held> known = held.filter(it -> it.uuid.equals(uuid));
    if (known.isPresent()) {
      return known.get().pointer;
    }
    release(call.c());
    MemorySegment pointer =
        call.check(
            call.c().virDomainLookupByUUIDString(call.connection(), call.text(uuid.toString())));
    held = Optional.of(new Held(uuid, pointer));
    return pointer;
  }

  /** Gives the pointer back to libvirt; a repeat does nothing. */
  void release(LibvirtC c) {
    held.ifPresent(it -> c.virDomainFree(it.pointer));
    held = Optional.empty();
  }
}
