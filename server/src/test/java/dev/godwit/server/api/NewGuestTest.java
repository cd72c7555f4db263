package dev.godwit.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.server.store.Flavor;
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

  private static Body hints(String json) throws JsonProcessingException {
    return Body.of(new ObjectMapper().readTree(json));
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

  @Test
  void
      the_disk_that_a_guest_boots_from_is_its_first_by_name_in_whatever_order_they_were_asked_for() {
    DiskSpec root = disk("vda", DiskFormat.QCOW2, Optional.empty());
    DiskSpec data = disk("vdb", DiskFormat.RAW, Optional.empty());

    assertThat(NewGuest.overImage(List.of(data, root), image(Optional.of(PATH))))
        .containsExactly(disk("vda", DiskFormat.QCOW2, Optional.of(PATH)), data);
  }

  @Test
  void the_boot_disk_has_the_flavors_size_or_without_one_its_images() {
    ApiConfiguration.Image image = image(Optional.of(PATH));
    Flavor with = new Flavor(1, "1", "small", 64, 1, 3);
    Flavor without = new Flavor(2, "2", "tiny", 64, 1, 0);

    assertThat(NewGuest.spec(with, image, 0, Optional.empty()).disks())
        .extracting(DiskSpec::sizeBytes)
        .containsExactly(3L << 30);
    assertThat(NewGuest.spec(without, image, 0, Optional.empty()).disks())
        .extracting(DiskSpec::sizeBytes)
        .containsExactly(0L);
  }

  @Test
  void a_disk_image_without_a_disk_to_boot_from_and_arguments_without_a_kernel_are_refused()
      throws JsonProcessingException {
    Flavor flavor = new Flavor(1, "1", "tiny", 64, 1, 1);
    ApiConfiguration.Image image = image(Optional.of(PATH));
    Body noDisk = hints("{\"godwit:disks\": []}");
    Body arguments = hints("{\"godwit:kernel_arguments\": \"quiet\"}");

    assertThatThrownBy(() -> NewGuest.spec(flavor, image, 0, Optional.of(noDisk)))
        .hasMessageContaining("godwit:disks")
        .hasMessageContaining("debian");
    assertThatThrownBy(() -> NewGuest.spec(flavor, image, 0, Optional.of(arguments)))
        .hasMessageContaining("godwit:kernel_arguments")
        .hasMessageContaining("debian");
  }
}
