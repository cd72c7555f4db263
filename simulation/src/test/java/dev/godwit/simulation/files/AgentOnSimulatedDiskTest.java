package dev.godwit.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.agent.file.DiskMarker;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.SharedProof;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.port.Answer;
import dev.godwit.simulation.time.SeededTimeline;
import dev.godwit.simulation.time.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent's own classes on a disk that fills up and loses its power at every change. */
class AgentOnSimulatedDiskTest {
  private static final int MOST_CHANGES = 20;
  private static final int SEEDS = 16;
  private static final long ROOM = 16 << 20;
  private static final InstanceId INSTANCE = InstanceId.of("11111111-1111-4111-8111-111111111111");
  private static final MigrationId MIGRATION =
      MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");
  private static final DiskMarker ARRIVING = DiskMarker.arriving(INSTANCE, MIGRATION, false);
  private static final DiskMarker OWN = DiskMarker.own(INSTANCE, false);

  private PowerCut power = new PowerCut();
  private Disk disk = new Disk("/dev/vda", 1, ROOM, power);
  private SimulatedFileSystem process = new MountTable(disk).process();

  @BeforeEach
  void freshHost() throws IOException {
    power = new PowerCut();
    disk = new Disk("/dev/vda", 1, ROOM, power);
    process = new MountTable(disk).process();
    Files.createDirectories(notes());
    disk.settle();
  }

  private Path notes() {
    return process.getPath("/var/lib/godwit/notes");
  }

  private Path image() {
    return process.getPath("/var/lib/godwit/disk");
  }

  private Notebook openBook() {
    return Notebook.open(notes(), power);
  }

  /** Does it until the power goes; true when it was done before. */
  private boolean untilPowerLoss(int changes, int seed, Runnable work) throws IOException {
    boolean done = true;
    power.after(changes);
    try {
      work.run();
    } catch (PowerCut.Happened e) {
      done = false;
    }
    power.after(Integer.MAX_VALUE);
    process.close();
    disk.powerLoss(new SplittableRandom(seed));
    process = new MountTable(disk).process();
    return done;
  }

  @Test
  void a_marker_is_the_old_or_the_new_one_whenever_the_power_goes() throws IOException {
    Set<Optional<DiskMarker>> seen = new HashSet<>();
    for (int changes = 0; changes < MOST_CHANGES; changes++) {
      for (int seed = 0; seed < SEEDS; seed++) {
        freshHost();
        ARRIVING.put(image());

        boolean done = untilPowerLoss(changes, seed, () -> OWN.put(image()));

        Optional<DiskMarker> found = DiskMarker.of(image());
        seen.add(found);
        assertThat(found).as("%s changes, seed %s", changes, seed).isIn(allowed(done));
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(Optional.of(ARRIVING), Optional.of(OWN));
  }

  private static Set<Optional<DiskMarker>> allowed(boolean done) {
    return done ? Set.of(Optional.of(OWN)) : Set.of(Optional.of(OWN), Optional.of(ARRIVING));
  }

  @Test
  void a_full_disk_is_a_reason_to_refuse_a_proof_that_a_disk_is_shared() {
    SeededTimeline time = new SeededTimeline(new SplittableRandom(1));
    SharedProof proof =
        new SharedProof(
            process,
            process.getPath("/var/lib/godwit/proofs"),
            new SimulatedProcess("agent", time, Instant.EPOCH).tempo());
    disk.fill();

    Answer<List<String>> answer =
        proof.prove(ProofId.ofDryRun(MIGRATION), List.of(image().toString()));

    assertThat(answer).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void a_note_is_the_old_or_the_new_one_whenever_the_power_goes() throws IOException {
    Set<Long> seen = new HashSet<>();
    for (int changes = 0; changes < MOST_CHANGES; changes++) {
      for (int seed = 0; seed < SEEDS; seed++) {
        freshHost();
        Notebook book = openBook();
        note(book, 1);

        boolean done = untilPowerLoss(changes, seed, () -> note(book, 2));

        long found = openBook().find(MIGRATION).map(Note::epoch).orElse(0L);
        seen.add(found);
        assertThat(found)
            .as("%s changes, seed %s", changes, seed)
            .isIn(done ? Set.of(2L) : Set.of(1L, 2L));
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(1L, 2L);
  }

  private static void note(Notebook book, long epoch) {
    book.change(MIGRATION, INSTANCE, note -> note.withEpoch(epoch));
  }

  @Test
  void a_note_is_written_on_a_full_disk_once_and_again_when_there_is_room() {
    Notebook book = openBook();
    disk.fill();

    note(book, 1);
    note(book, 2);
    assertThat(Files.exists(notes().resolve("reserve"))).isFalse();
    disk.makeRoom();
    note(book, 3);
    assertThat(Files.exists(notes().resolve("reserve"))).isTrue();
  }

  @Test
  void a_disk_that_takes_nothing_refuses_the_note_and_the_marker() {
    Notebook book = openBook();
    disk.condition(Disk.Condition.READ_ONLY);

    assertThatThrownBy(() -> note(book, 1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("Read-only file system");
    assertThatThrownBy(() -> OWN.put(image()))
        .isInstanceOf(FileTrouble.class)
        .hasMessageContaining("Read-only file system");
    assertThat(book.find(MIGRATION)).isEmpty();
  }

  @Test
  void one_agent_has_the_notes_until_it_is_killed() throws IOException {
    note(openBook(), 1);
    SimulatedFileSystem second = secondProcess();
    Path same = second.getPath(notes().toString());

    assertThatThrownBy(() -> Notebook.open(same, power))
        .hasMessageContaining("another agent uses it");
    process.close();
    assertThat(Notebook.open(same, power).find(MIGRATION).map(Note::epoch)).contains(1L);
  }

  private SimulatedFileSystem secondProcess() {
    return new MountTable(disk).process();
  }

  @Test
  void a_marker_of_a_host_is_read_by_another_that_has_the_disk_too() throws IOException {
    MountTable other = new MountTable(new Disk("/dev/vda", 2, ROOM, power));
    other.mount("/shared", disk);
    DiskMarker made = DiskMarker.beingCreated(INSTANCE, new HostName("h1"), true);

    made.put(image());

    assertThat(DiskMarker.of(other.process().getPath("/shared" + image()))).contains(made);
  }
}
