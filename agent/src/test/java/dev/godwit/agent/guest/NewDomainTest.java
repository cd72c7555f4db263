package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewDomainTest {
  private static final InstanceId INSTANCE = InstanceId.of("11111111-1111-4111-8111-111111111111");

  private static String xml(String name, String arguments, String virtType) {
    return xml(name, arguments, virtType, 7_002_022);
  }

  private static String xml(String name, String arguments, String virtType, long qemu) {
    GuestSpec spec =
        new GuestSpec(
            name,
            64,
            2,
            new BootSpec.Kernel("/boot/vmlinuz", "/boot/initrd", arguments),
            List.of(
                new DiskSpec(
                    "vda", DirectoryKind.LOCAL, DiskFormat.QCOW2, 1 << 20, Optional.empty())),
            List.of("52:54:00:00:00:01"));
    return NewDomain.xml(
        INSTANCE,
        spec,
        Map.of("vda", Path.of("/disks/vda.qcow2")),
        new Hypervisors.Found(
            "QEMU",
            List.of(virtType),
            "/usr/bin/qemu-system-x86_64",
            qemu,
            9_000_000,
            "h1",
            "",
            1,
            "",
            "",
            List.of(),
            1,
            1,
            1),
        "br0");
  }

  @Test
  void a_new_domain_reads_back_as_what_was_asked_for() {
    DomainXml read = DomainXml.parse(xml("a", "quiet", "qemu"));
    assertThat(read.name()).isEqualTo("a");
    assertThat(read.virtType()).isEqualTo("qemu");
    assertThat(read.vcpus()).isEqualTo(2);
    assertThat(read.ours()).isTrue();
    assertThat(read.bridges()).containsExactly("br0");
    assertThat(read.immovable()).isEmpty();
    assertThat(read.disks())
        .containsExactly(
            new DomainXml.Disk("vda", "file", "/disks/vda.qcow2", "qcow2", true, false));
  }

  @Test
  void words_of_the_owner_stay_words() {
    String name = "<a>&'\"";
    String arguments = "x='</cmdline><devices/>'";
    DomainXml read = DomainXml.parse(xml(name, arguments, "qemu"));
    assertThat(read.name()).isEqualTo(name);
    assertThat(read.disks()).hasSize(1);
  }

  @Test
  void only_a_guest_that_an_older_qemu_emulates_is_given_uneven_memory() {
    String emulated = xml("a", "", "qemu", 8_002_009);
    assertThat(DomainXml.parse(emulated).unevenMemory()).isTrue();
    assertThat(DomainXml.parse(emulated).memoryMib()).isEqualTo(64);
    assertThat(emulated)
        .contains("size=65408k", "xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\"");
    assertThat(65408 % 256).isNotZero();
    assertThat(DomainXml.parse(xml("a", "", "qemu", 9_000_000)).unevenMemory()).isFalse();
    assertThat(DomainXml.parse(xml("a", "", "kvm", 7_002_022)).unevenMemory()).isFalse();
  }

  @Test
  void the_hosts_processor_is_given_only_with_kvm() {
    assertThat(DomainXml.parse(xml("a", "", "kvm")).cpu()).isPresent();
    assertThat(DomainXml.parse(xml("a", "", "qemu")).cpu()).isEmpty();
  }
}
