package dev.godwit.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.DiskSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NewGuestTest {
  private static final String PATH = "/images/debian.qcow2";

  private static ApiConfiguration.Image image(Optional<String> path) {
    return new ApiConfiguration.Image("i", "debian", Optional.empty(), Optional.empty(), "", path);
  }

  private static DiskSpec disk(String target, DiskFormat format, Optional<String> backing) {
    return new DiskSpec(target, DirectoryKind.SHARED, format, 1 << 20, backing);
  }

  @Test
  void the_first_disk_lies_over_the_images_unless_one_says_over_what() {
    DiskSpec root = disk("vda", DiskFormat.QCOW2, Optional.empty());
    DiskSpec data = disk("vdb", DiskFormat.RAW, Optional.empty());
    DiskSpec own = disk("vda", DiskFormat.QCOW2, Optional.of("/images/other.qcow2"));

    assertThat(NewGuest.overImage(List.of(root, data), image(Optional.of(PATH))))
        .containsExactly(disk("vda", DiskFormat.QCOW2, Optional.of(PATH)), data);
    assertThat(NewGuest.overImage(List.of(own, data), image(Optional.of(PATH))))
        .containsExactly(own, data);
    assertThat(NewGuest.overImage(List.of(root, data), image(Optional.empty())))
        .containsExactly(root, data);
  }

  @Test
  void a_first_disk_that_cannot_lie_over_the_images_is_refused() {
    List<DiskSpec> raw = List.of(disk("vda", DiskFormat.RAW, Optional.empty()));

    assertThatThrownBy(() -> NewGuest.overImage(raw, image(Optional.of(PATH))))
        .hasMessageContaining("vda")
        .hasMessageContaining("raw");
  }
}
