package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainXmlTest {
  private static DomainXml withDevices(String devices) {
    return DomainXml.parse(
        """
        <domain type='qemu'><name>a</name><memory unit='KiB'>65537</memory><vcpu>2</vcpu>
        <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
        <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>%s</devices></domain>
        """
            .formatted(devices));
  }

  @Test
  void a_domain_is_read_in_libvirts_own_words() {
    DomainXml xml = withDevices("");
    assertThat(xml.name()).isEqualTo("a");
    assertThat(xml.virtType()).isEqualTo("qemu");
    assertThat(xml.machine()).isEqualTo("pc-i440fx-7.2");
    assertThat(xml.memoryMib()).isEqualTo(65);
    assertThat(xml.vcpus()).isEqualTo(2);
    assertThat(xml.ours()).isFalse();
    assertThat(xml.disks()).isEmpty();
    assertThat(xml.immovable()).isEmpty();
  }

  @Test
  void files_that_qemu_reads_at_its_start_are_found() {
    DomainXml xml =
        DomainXml.parse(
            """
            <domain type='kvm'><name>a</name><os><type arch='x86_64' machine='q35'>hvm</type>
            <loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>
            <nvram>/var/lib/libvirt/qemu/nvram/a_VARS.fd</nvram>
            <kernel>/boot/vmlinuz</kernel><initrd>/boot/initrd</initrd></os></domain>
            """);
    assertThat(xml.bootFiles())
        .containsExactly("/boot/vmlinuz", "/boot/initrd", "/usr/share/OVMF/OVMF_CODE.fd");
    assertThat(withDevices("").bootFiles()).isEmpty();
    assertThat(xml.nvram()).contains("/var/lib/libvirt/qemu/nvram/a_VARS.fd");
    assertThat(withDevices("").nvram()).isEmpty();
  }

  @Test
  void firmware_variables_are_found_in_libvirts_newer_words_too() {
    DomainXml xml =
        DomainXml.parse(
            """
            <domain type='kvm'><name>a</name><os><type arch='x86_64' machine='q35'>hvm</type>
            <nvram type='file'><source file='/nvram/a_VARS.fd'/></nvram></os></domain>
            """);
    assertThat(xml.nvram()).contains("/nvram/a_VARS.fd");
    DomainXml remote =
        DomainXml.parse(
            """
            <domain type='kvm'><name>a</name><os><type arch='x86_64' machine='q35'>hvm</type>
            <nvram type='network'><source protocol='iscsi' name='iqn/0'/></nvram></os></domain>
            """);
    assertThat(remote.nvram()).isEmpty();
  }

  @Test
  void disks_are_told_apart() {
    DomainXml xml =
        withDevices(
            """
            <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/a.qcow2'/><target dev='vda'/></disk>
            <disk type='file' device='disk'><source file='/b'/><target dev='vdb'/><readonly/></disk>
            <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='/c.iso'/><target dev='sda'/></disk>
            <disk type='file' device='cdrom'><target dev='sdb'/></disk>
            <disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='/dev/sdx'/><target dev='vdc'/><shareable/></disk>
            <disk type='network' device='disk'><driver name='qemu' type='raw'/><source protocol='rbd' name='pool/x'/><target dev='vdd'/></disk>
            """);
    assertThat(xml.disks())
        .containsExactly(
            new DomainXml.Disk("vda", "file", "/a.qcow2", "qcow2", true, false),
            new DomainXml.Disk("vdb", "file", "/b", "raw", false, false),
            new DomainXml.Disk("sda", "file", "/c.iso", "raw", false, false),
            new DomainXml.Disk("vdc", "block", "/dev/sdx", "raw", true, true),
            new DomainXml.Disk("vdd", "network", "pool/x", "raw", true, false));
    assertThat(xml.images()).containsExactly("/a.qcow2", "/b", "/c.iso");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<hostdev mode='subsystem' type='pci'/>",
        "<interface type='hostdev'/>",
        "<interface type='direct'/>",
        "<filesystem type='mount'/>",
        "<shmem name='x'/>",
        "<tpm model='tpm-tis'><backend type='passthrough'/></tpm>",
        "<memory model='nvdimm'/>",
        "<input type='evdev'/>"
      })
  void devices_that_stay_with_their_host_are_named(String device) {
    assertThat(withDevices(device).immovable()).hasSize(1);
  }

  @Test
  void memory_that_only_this_processor_reads_stays_too() {
    DomainXml xml = DomainXml.parse("<domain><launchSecurity type='sev'/><devices/></domain>");
    assertThat(xml.immovable()).containsExactly("launchSecurity sev");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<interface type='bridge'><source bridge='br0'/></interface>",
        "<tpm model='tpm-crb'><backend type='emulator'/></tpm>",
        "<input type='mouse' bus='ps2'/>",
        "<memory model='dimm'/>"
      })
  void devices_that_move_are_not(String device) {
    assertThat(withDevices(device).immovable()).isEmpty();
  }

  @Test
  void only_our_own_mark_counts_as_ours() {
    assertThat(
            DomainXml.parse(
                    "<domain><metadata><g:instance xmlns:g='https://godwit.dev/ns/instance/1'/></metadata></domain>")
                .ours())
        .isTrue();
    assertThat(
            DomainXml.parse(
                    "<domain><metadata><n:instance xmlns:n='http://openstack.org/xmlns/libvirt/nova/1.1'/></metadata></domain>")
                .ours())
        .isFalse();
  }

  @Test
  void documents_with_entities_are_refused() {
    assertThatThrownBy(() ->
            DomainXml.parse(
                "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><domain>&e;</domain>"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
