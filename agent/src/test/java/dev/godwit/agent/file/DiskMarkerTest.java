package dev.godwit.agent.file;

import static dev.godwit.agent.file.Images.ANOTHER;
import static dev.godwit.agent.file.Images.GUEST;
import static dev.godwit.agent.file.Images.H1;
import static dev.godwit.agent.file.Images.H2;
import static dev.godwit.agent.file.Images.LATER;
import static dev.godwit.agent.file.Images.MIGRATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskMarkerTest {
  @TempDir Path folder;

  @Test
  void a_marker_is_read_as_it_was_put() {
    Path disk = folder.resolve("vda.qcow2");
    DiskMarker marker = DiskMarker.arriving(GUEST, MIGRATION, true);
    marker.put(disk);
    assertThat(DiskMarker.of(disk)).contains(marker);
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void a_marker_knows_whose_the_disk_is_and_who_is_making_it() {
    DiskMarker arriving = DiskMarker.arriving(GUEST, MIGRATION, false);
    assertThat(arriving.of(GUEST)).isTrue();
    assertThat(arriving.of(ANOTHER)).isFalse();
    assertThat(arriving.madeBy(MIGRATION)).isTrue();
    assertThat(arriving.madeBy(LATER)).isFalse();
    assertThat(arriving.owned()).isFalse();
    DiskMarker created = DiskMarker.beingCreated(GUEST, H1, false);
    assertThat(created.beingCreatedOn(H1)).isTrue();
    assertThat(created.beingCreatedOn(H2)).isFalse();
    assertThat(created.arriving()).isFalse();
    assertThat(created.owned()).isFalse();
    assertThat(DiskMarker.own(GUEST, false).owned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{}", "[]", "{\"instance\":null,\"maker\":\"\",\"made_directory\":true}"})
  void a_broken_marker_is_trouble_and_never_no_marker(String text) throws IOException {
    Path disk = folder.resolve("vda.qcow2");
    Files.writeString(DiskMarker.beside(disk), text);
    assertThatThrownBy(() -> DiskMarker.of(disk)).isInstanceOf(FileTrouble.class);
  }
}
