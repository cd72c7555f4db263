package dev.godwit.agent.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Trace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What carries Godwit's mark is found, and only what a migration made and nothing uses goes. */
class MarkedFilesTest {
  private static final InstanceId INSTANCE = new InstanceId(UUID.randomUUID());
  private static final MigrationId MIGRATION = new MigrationId(UUID.randomUUID());
  private static final ProofId ID = new ProofId(MIGRATION, new Epoch(7));

  @TempDir Path folder;
  private Path local;
  private Path shared;
  private Path leases;
  private MarkedFiles files;
  private MarkedRemoval removal;

  @BeforeEach
  void make() throws IOException {
    local = Files.createDirectory(folder.resolve("local"));
    shared = Files.createDirectory(folder.resolve("shared"));
    leases = folder.resolve("leases");
    files =
        new MarkedFiles(
            List.of(local, shared, folder.resolve("none")),
            Optional.of(shared),
            () -> Optional.of(leases),
            new OpenFiles(Path.of("/proc"), Path.of("/sys")),
            Clock.systemUTC());
    removal = new MarkedRemoval(files);
  }

  private static Path disk(Path place, DiskMarker marker) throws IOException {
    Path directory = Files.createDirectories(place.resolve(INSTANCE.toString()));
    Path disk = Files.writeString(directory.resolve("vda.raw"), "data");
    marker.put(disk);
    return disk;
  }

  private static DiskMarker arriving() {
    return DiskMarker.arriving(INSTANCE, MIGRATION, true);
  }

  private Trace only() {
    assertThat(files.all()).hasSize(1);
    return files.all().getFirst();
  }

  private Optional<String> remove(Path disk) {
    return removal.disk(INSTANCE, MIGRATION, disk, List.of());
  }

  @Test
  void a_disk_that_a_migration_was_making_names_it_and_goes_with_its_directory()
      throws IOException {
    Path disk = disk(local, arriving());

    Trace trace = only();

    assertThat(trace.kind()).isEqualTo(Trace.Kind.DISK);
    assertThat(trace.name()).isEqualTo(disk.toString());
    assertThat(trace.instance()).contains(INSTANCE);
    assertThat(trace.migration()).contains(MIGRATION);
    assertThat(trace.kept()).isEmpty();
    assertThat(remove(disk)).isEmpty();
    assertThat(local).isEmptyDirectory();
    assertThat(remove(disk)).as("a repeat finds nothing").isEmpty();
  }

  @Test
  void an_instances_own_disk_names_no_migration_and_stays() throws IOException {
    Path disk = disk(local, DiskMarker.own(INSTANCE, true));

    assertThat(only().migration()).isEmpty();
    assertThat(remove(disk)).hasValueSatisfying(why -> assertThat(why).contains("its marker"));
    assertThat(disk).exists();
  }

  @Test
  void an_open_disk_stays() throws IOException {
    Path disk = disk(local, arriving());
    try (FileChannel _ = FileChannel.open(disk, StandardOpenOption.READ)) {
      assertThat(only().kept()).hasValueSatisfying(why -> assertThat(why).contains("open"));
      assertThat(remove(disk)).isPresent();
    }
    assertThat(disk).exists();
    assertThat(remove(disk)).isEmpty();
  }

  @Test
  void a_disk_that_another_guest_has_or_lies_over_stays() throws IOException {
    Path disk = disk(local, arriving());

    assertThat(removal.disk(INSTANCE, MIGRATION, disk, List.of(disk)))
        .hasValueSatisfying(why -> assertThat(why).contains("another guest"));
    assertThat(disk).exists();
  }

  @Test
  void what_hosts_share_is_never_removed_from_one_of_them() throws IOException {
    Path disk = disk(shared, arriving());

    assertThat(only().common()).isTrue();
    assertThat(remove(disk)).hasValueSatisfying(why -> assertThat(why).contains("share"));
    assertThat(disk).exists();
  }

  @Test
  void another_migrations_another_instances_and_nobodys_files_stay() throws IOException {
    Path disk =
        disk(local, DiskMarker.arriving(INSTANCE, new MigrationId(UUID.randomUUID()), true));
    assertThat(remove(disk)).isPresent();
    DiskMarker.arriving(new InstanceId(UUID.randomUUID()), MIGRATION, true).put(disk);
    assertThat(remove(disk)).isPresent();
    Files.delete(DiskMarker.beside(disk));
    assertThat(remove(disk)).contains("no marker is beside it");
    assertThat(disk).exists();
    assertThat(only().kind()).isEqualTo(Trace.Kind.DIRECTORY);
    assertThat(only().seen()).contains("vda.raw");
  }

  @Test
  void a_path_outside_of_godwits_directories_is_not_touched_whatever_lies_beside_it()
      throws IOException {
    Path disk = disk(folder.resolve("elsewhere"), arriving());
    Path sneaking =
        local.resolve("..").resolve("elsewhere").resolve(folder.relativize(disk).subpath(1, 3));

    assertThat(remove(disk)).hasValueSatisfying(why -> assertThat(why).contains("outside"));
    assertThat(remove(sneaking)).hasValueSatisfying(why -> assertThat(why).contains("outside"));
    Path link = local.resolve("vda.raw");
    Files.createSymbolicLink(link, disk);
    arriving().put(link);
    assertThat(remove(link)).hasValueSatisfying(why -> assertThat(why).contains("link"));
    assertThat(disk).exists();
  }

  @Test
  void a_proof_is_known_by_its_name_and_removed_only_with_its_content() throws IOException {
    Path proof = local.resolve(".godwit-shared-" + ID);
    Files.writeString(proof, "something else");

    assertThat(only().kind()).isEqualTo(Trace.Kind.PROOF);
    assertThat(only().migration()).contains(MIGRATION);
    assertThat(removal.proof(MIGRATION, proof)).isPresent();
    Files.writeString(proof, ID.toString());
    assertThat(removal.proof(new MigrationId(UUID.randomUUID()), proof)).isPresent();
    assertThat(removal.proof(MIGRATION, proof)).isEmpty();
    assertThat(removal.proof(MIGRATION, proof)).as("a repeat").isEmpty();
    assertThat(local).isEmptyDirectory();
  }

  @Test
  void a_proof_beside_leases_is_found_and_goes_and_nothing_else_there_is_touched()
      throws IOException {
    assertThat(files.all()).as("no lock space is there yet").isEmpty();
    Files.createDirectory(leases);
    Path lease = Files.createFile(leases.resolve("727404d4331f97cf38bff634c51cf09d"));
    Path proof = leases.resolve(".godwit-shared-" + ID);
    Files.writeString(proof, ID.toString());
    Path disk = Files.writeString(leases.resolve("vda.raw"), "data");
    arriving().put(disk);

    assertThat(only().kind()).isEqualTo(Trace.Kind.PROOF);
    assertThat(only().migration()).contains(MIGRATION);
    assertThat(only().common()).as("each host sees it").isTrue();
    assertThat(removal.proof(MIGRATION, proof)).isEmpty();
    assertThat(proof).doesNotExist();
    assertThat(remove(disk)).hasValueSatisfying(why -> assertThat(why).contains("outside"));
    assertThat(lease).exists();
  }

  @Test
  void a_lock_space_in_a_directory_of_instances_is_looked_at_once() throws IOException {
    leases = Files.createDirectory(shared.resolve("leases"));
    Files.writeString(leases.resolve(".godwit-shared-" + ID), ID.toString());

    assertThat(only().common()).isTrue();
  }

  @Test
  void a_name_that_is_no_proofs_of_godwit_is_told_and_stays() throws IOException {
    Path proof = Files.writeString(local.resolve(".godwit-shared-" + MIGRATION + ".07"), "x");

    assertThat(only().migration()).isEmpty();
    assertThat(only().kept()).isPresent();
    assertThat(removal.proof(MIGRATION, proof)).isPresent();
    assertThat(proof).exists();
  }

  @Test
  void what_was_written_by_half_and_what_is_empty_is_told() throws IOException {
    Path directory = Files.createDirectory(local.resolve(INSTANCE.toString()));
    assertThat(only().kind()).isEqualTo(Trace.Kind.DIRECTORY);
    assertThat(only().seen()).isEqualTo("an empty directory");
    Files.writeString(directory.resolve("vda.raw.godwit.new"), "{");
    assertThat(only().kind()).isEqualTo(Trace.Kind.UNFINISHED);
    Files.writeString(directory.resolve("vda.raw.godwit"), "{");
    assertThat(files.all())
        .filteredOn(it -> it.kind() == Trace.Kind.DISK)
        .singleElement()
        .satisfies(it -> assertThat(it.kept()).isPresent());
  }
}
