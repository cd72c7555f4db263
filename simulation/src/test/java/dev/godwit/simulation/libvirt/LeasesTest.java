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

    assertThat(leases.take("h1", here)).isTrue();
    assertThat(leases.take("h1", here)).as("its own").isTrue();
    assertThat(leases.take("h2", there)).isFalse();

    leases.release(here);
    assertThat(leases.take("h2", there)).isTrue();
    assertThat(leases.take("h1", here)).isFalse();
  }

  @Test
  void one_that_was_refused_a_lease_keeps_none() {
    Leases leases = Leases.kept();
    Guest here = copy(1, Map.of("vda", "/disk"));
    Guest both = copy(2, Map.of("vda", "/disk", "vdb", "/other"));
    Guest other = copy(3, Map.of("vda", "/other"));

    assertThat(leases.take("h1", here)).isTrue();
    assertThat(leases.take("h2", both)).isFalse();
    assertThat(leases.take("h3", other)).isTrue();
  }

  @Test
  void without_a_lock_manager_nothing_is_refused() {
    Leases leases = Leases.none();

    assertThat(leases.take("h1", copy(1, Map.of("vda", "/disk")))).isTrue();
    assertThat(leases.take("h2", copy(2, Map.of("vda", "/disk")))).isTrue();
  }

  @Test
  void a_lock_daemon_that_dies_lets_all_go_and_serves_again_when_libvirtd_has_started_after_it() {
    Leases leases = Leases.kept();
    Guest here = copy(1, Map.of("vda", "/disk"));
    Guest there = copy(2, Map.of("vda", "/disk"));
    assertThat(leases.take("h1", here)).isTrue();

    leases.lockDaemonDies("h1");
    assertThat(leases.take("h1", here)).as("nobody has told it of the lock space").isFalse();
    assertThat(leases.take("h1", copy(1, Map.of()))).as("it needs none").isTrue();
    assertThat(leases.take("h2", there)).isTrue();

    leases.release(there);
    leases.libvirtdStarts("h1");
    assertThat(leases.take("h1", here)).isTrue();
  }
}
