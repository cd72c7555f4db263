package dev.godwit.simulation.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** libvirt's lock manager: as LockdIT found it on real hosts. */
class LeasesTest {
  private static final UUID GUEST = new UUID(1, 1);

  private static Guest copy(int host, Map<String, String> files) {
    DomainXml xml = new DomainXml(GUEST, "guest", "<domain/>", files);
    return new Guest(GUEST, xml, host, host, new Guest.Memory());
  }

  @Test
  void equal_paths_are_one_lease_though_each_host_has_a_disk_of_its_own() {
    Leases leases = Leases.kept();
    Guest here = copy(1, Map.of("vda", "/disk"));
    Guest there = copy(2, Map.of("vda", "/disk"));

    assertThat(leases.take(here)).isTrue();
    assertThat(leases.take(here)).as("its own").isTrue();
    assertThat(leases.take(there)).isFalse();

    leases.release(here);
    assertThat(leases.take(there)).isTrue();
    assertThat(leases.take(here)).isFalse();
  }

  @Test
  void one_that_was_refused_a_lease_keeps_none() {
    Leases leases = Leases.kept();
    Guest here = copy(1, Map.of("vda", "/disk"));
    Guest both = copy(2, Map.of("vda", "/disk", "vdb", "/other"));
    Guest other = copy(3, Map.of("vda", "/other"));

    assertThat(leases.take(here)).isTrue();
    assertThat(leases.take(both)).isFalse();
    assertThat(leases.take(other)).isTrue();
  }

  @Test
  void without_a_lock_manager_nothing_is_refused() {
    Leases leases = Leases.none();

    assertThat(leases.take(copy(1, Map.of("vda", "/disk")))).isTrue();
    assertThat(leases.take(copy(2, Map.of("vda", "/disk")))).isTrue();
  }
}
