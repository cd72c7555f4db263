package dev.godwit.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The nouns refuse what they cannot be. */
class ModelTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "host-1", "host.example.org", "H0"})
  void a_host_name(String name) {
    assertThat(new HostName(name).toString()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-a", "a-", ".a", "a.", "a b", "a/b", "a_b", "ä"})
  void no_host_name(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HostName(name))
        .withMessage(
            "host name: expected letters, digits, dots and dashes, found '%s'".formatted(name));
  }

  @Test
  void a_host_name_has_at_most_255_characters() {
    assertThat(new HostName("a".repeat(255)).value()).hasSize(255);
    assertThatIllegalArgumentException().isThrownBy(() -> new HostName("a".repeat(256)));
  }

  @Test
  void epochs_grow() {
    assertThat(new Epoch(3).next()).isEqualTo(new Epoch(4)).isGreaterThan(new Epoch(3));
    assertThatIllegalArgumentException().isThrownBy(() -> new Epoch(-1));
  }

  @Test
  void identities_are_uuids() {
    String text = "5f0c3b8e-0000-4000-8000-000000000001";

    assertThat(MigrationId.of(text)).hasToString(text);
    assertThat(InstanceId.of(text)).hasToString(text);
    assertThatIllegalArgumentException().isThrownBy(() -> MigrationId.of("one"));
    assertThatIllegalArgumentException().isThrownBy(() -> InstanceId.of("one"));
  }

  private static DiskSpec disk(String target, DiskFormat format, long size, Optional<String> base) {
    return new DiskSpec(target, DirectoryKind.LOCAL, format, size, base);
  }

  @Test
  void a_disk() {
    assertThat(disk("vda", DiskFormat.QCOW2, 0, Optional.of("/images/base")).sizeBytes()).isZero();
    assertThat(disk("vda", DiskFormat.QCOW2, 1, Optional.of("/images/base")).target())
        .isEqualTo("vda");
    for (String target : List.of("sda", "vd", "vdaa", "vd1", "")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> disk(target, DiskFormat.RAW, 1, Optional.empty()))
          .withMessageContaining("vda to vdz");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> disk("vda", DiskFormat.RAW, 0, Optional.empty()))
        .withMessageContaining("a size above 0 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> disk("vda", DiskFormat.RAW, 1, Optional.of("/images/base")))
        .withMessageContaining("only qcow2 has a backing file");
  }

  private static GuestSpec guest(String name, int memoryMib, int vcpus) {
    return new GuestSpec(name, memoryMib, vcpus, new BootSpec.Disk(), List.of(), List.of());
  }

  @Test
  void a_guest() {
    assertThat(guest("web", 16, 1).vcpus()).isEqualTo(1);
    assertThat(guest("web", 16, 512).vcpus()).isEqualTo(512);
    assertThatIllegalArgumentException().isThrownBy(() -> guest(" ", 16, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> guest("web", 15, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> guest("web", 16, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> guest("web", 16, 513));
  }

  @Test
  void lists_in_records_are_their_own() {
    List<String> addresses = new ArrayList<>(List.of("52:54:00:00:00:01"));
    GuestSpec spec = new GuestSpec("web", 16, 1, new BootSpec.Disk(), List.of(), addresses);

    addresses.clear();

    assertThat(spec.networkAddresses()).hasSize(1);
  }

  @Test
  void disk_formats_have_qemus_words() {
    for (DiskFormat format : DiskFormat.values()) {
      assertThat(DiskFormat.of(format.word())).isEqualTo(format);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DiskFormat.of("vmdk"))
        .withMessage("disk format: expected qcow2 or raw, found 'vmdk'");
  }

  @Test
  void a_refusal_is_one_sentence() {
    assertThat(new Refusal("memory", "host-b", "256 MiB", "1 MiB", "Choose another.").sentence())
        .isEqualTo("memory: host-b: expected 256 MiB, found 1 MiB. Choose another.");
  }

  @Test
  void a_broken_invariant_stops_loudly() {
    assertThatThrownBy(() -> Check.that(false, "guest runs on %s and %s", "a", "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("guest runs on a and b");
    Check.that(true, "never said");
    Check.argument(true, "never said");
  }
}
