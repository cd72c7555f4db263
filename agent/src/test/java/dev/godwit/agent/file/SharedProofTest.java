package dev.godwit.agent.file;

import static dev.godwit.agent.file.Images.LATER;
import static dev.godwit.agent.file.Images.MIGRATION;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedProofTest {
  private final SharedProof proof = new SharedProof(FileSystems.getDefault(), Clock.systemUTC());
  @TempDir Path folder;

  private String disk(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "x").toString();
  }

  @Test
  void a_written_proof_is_seen_for_that_migration_only_until_it_is_cleared() throws IOException {
    List<String> disks = List.of(disk("a"), disk("b"));
    assertThat(proof.write(MIGRATION, disks)).isEqualTo(disks);
    assertThat(proof.seen(MIGRATION, disks)).isEqualTo(disks);
    assertThat(proof.seen(LATER, disks)).isEmpty();
    proof.clear(MIGRATION, disks);
    proof.clear(MIGRATION, disks);
    assertThat(proof.seen(MIGRATION, disks)).isEmpty();
    assertThat(folder.toFile().list()).hasSize(2);
  }

  @Test
  void a_disk_that_is_not_there_is_not_shared() throws IOException {
    String here = disk("a");
    String gone = folder.resolve("b").toString();
    proof.write(MIGRATION, List.of(here));
    assertThat(proof.seen(MIGRATION, List.of(here, gone))).containsExactly(here);
    assertThat(proof.write(MIGRATION, List.of(gone))).isEmpty();
  }

  @Test
  void a_link_in_a_shared_directory_proves_nothing_about_what_it_leads_to() throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    Path destination = Files.createDirectory(folder.resolve("destination"));
    Files.writeString(source.resolve("disk"), "x");
    Files.writeString(destination.resolve("disk"), "y");
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, source.resolve("disk"));
    assertThat(proof.write(MIGRATION, List.of(link.toString()))).hasSize(1);
    // The same path as the destination has it: the link leads to its own file.
    Files.delete(link);
    Files.createSymbolicLink(link, destination.resolve("disk"));
    assertThat(proof.seen(MIGRATION, List.of(link.toString()))).isEmpty();
  }

  @Test
  void what_a_dead_server_left_goes_with_the_next_proof() throws IOException {
    String disk = disk("a");
    proof.write(LATER, List.of(disk));
    Path old = folder.resolve(".godwit-shared-" + LATER);
    FileTime long_ago = FileTime.from(Clock.systemUTC().instant().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(old, long_ago);
    proof.write(MIGRATION, List.of(disk));
    assertThat(old).doesNotExist();
    assertThat(proof.seen(MIGRATION, List.of(disk))).hasSize(1);
  }
}
