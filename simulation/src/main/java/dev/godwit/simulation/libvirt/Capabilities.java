package dev.godwit.simulation.libvirt;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What a simulated host can do, in libvirt's words. */
final class Capabilities {
  private Capabilities() {}

  static String of(String host) {
    UUID uuid = UUID.nameUUIDFromBytes(host.getBytes(StandardCharsets.UTF_8));
    return """
    <capabilities>
      <host>
        <uuid>%s</uuid>
        <cpu>
          <arch>x86_64</arch>
          <model>qemu64</model>
          <vendor>Godwit</vendor>
          <topology sockets='1' cores='16' threads='1'/>
        </cpu>
      </host>
      <guest>
        <os_type>hvm</os_type>
        <arch name='x86_64'>
          <wordsize>64</wordsize>
          <emulator>/usr/bin/qemu-system-x86_64</emulator>
          <domain type='qemu'/>
        </arch>
      </guest>
    </capabilities>
    """
        .formatted(uuid);
  }
}
