package dev.godwit.agent.file;

import static dev.godwit.agent.file.Images.GUEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.PassingTempo;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.ProofId;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedProofTest {
  private static final ProofId ID = new ProofId(Images.MIGRATION, new Epoch(1));
  private static final ProofId LATER = new ProofId(Images.LATER, new Epoch(1));

  private final Path folder;
  private final Path notes;
  private final SharedProof proof;
  private final PassingTempo tempo = new PassingTempo();

  SharedProofTest(@TempDir Path folder, @TempDir Path notes) {
    this.folder = folder;
    this.notes = notes.resolve("proofs");
    this.proof = new SharedProof(FileSystems.getDefault(), this.notes, tempo);
  }

  private String disk(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "x").toString();
  }

  @Test
  void a_written_proof_is_seen_for_that_migration_only_until_it_is_cleared() throws IOException {
    List<String> disks = List.of(disk("a"), disk("b"));
    assertThat(proof.write(ID, disks)).isEqualTo(disks);
    assertThat(proof.seen(ID, disks)).isEqualTo(disks);
    assertThat(proof.seen(LATER, disks)).isEmpty();
    proof.clear(ID);
    proof.clear(ID);
    assertThat(proof.seen(ID, disks)).isEmpty();
    assertThat(folder.toFile().list()).hasSize(2);
  }

  /** A server that was frozen clears when another one owns the migration already. */
  @Test
  void a_late_clear_of_an_earlier_owner_leaves_the_proof_of_a_later_one() throws IOException {
    List<String> disks = List.of(disk("a"));
    ProofId next = new ProofId(ID.migration(), ID.epoch().next());
    proof.write(ID, disks);
    proof.write(next, disks);
    proof.clear(ID);
    assertThat(proof.seen(next, disks)).isEqualTo(disks);
    assertThat(proof.seen(ID, disks)).isEmpty();
    proof.clear(next);
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void a_disk_that_is_not_there_is_not_shared() throws IOException {
    String here = disk("a");
    String gone = folder.resolve("b").toString();
    proof.write(ID, List.of(here));
    assertThat(proof.seen(ID, List.of(here, gone))).containsExactly(here);
    assertThat(proof.write(ID, List.of(gone))).isEmpty();
  }

  @Test
  void a_link_in_a_shared_directory_proves_nothing_about_what_it_leads_to() throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    Path destination = Files.createDirectory(folder.resolve("destination"));
    Files.writeString(source.resolve("disk"), "x");
    Files.writeString(destination.resolve("disk"), "y");
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, source.resolve("disk"));
    assertThat(proof.write(ID, List.of(link.toString()))).hasSize(1);
    // The same path as the destination has it: the link leads to its own file.
    Files.delete(link);
    Files.createSymbolicLink(link, destination.resolve("disk"));
    assertThat(proof.seen(ID, List.of(link.toString()))).isEmpty();
  }

  @Test
  void what_a_dead_server_left_is_swept_after_a_while_and_what_is_fresh_stays() throws IOException {
    String disk = disk("a");
    proof.write(LATER, List.of(disk));
    proof.sweep();
    assertThat(proof.seen(LATER, List.of(disk))).hasSize(1);
    tempo.pass(Duration.ofMinutes(1));
    proof.write(ID, List.of(disk));
    proof.sweep();
    tempo.pass(Duration.ofMinutes(1));
    proof.sweep();
    assertThat(proof.seen(LATER, List.of(disk))).isEmpty();
    assertThat(proof.seen(ID, List.of(disk))).hasSize(1);
  }

  @Test
  void an_instances_directory_that_only_the_proof_held_open_goes_with_it() throws IOException {
    Path directory = Files.createDirectory(folder.resolve(GUEST.toString()));
    Path disk = Files.writeString(directory.resolve("vda"), "x");
    proof.write(ID, List.of(disk.toString()));
    Files.delete(disk);
    proof.clear(ID);
    assertThat(directory).doesNotExist();
    assertThat(folder).exists();
  }
}
