package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.LabServers;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.RecordedProcess;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two servers on one PostgreSQL: what one of them leaves, the other goes on with. */
class ReplicasIT {
  private static final String FIRST = "server";
  private static final String SECOND = "server2";
  private static RealLab lab;
  private static Guest guest;
  private static Guest.Proof proof;

  @BeforeAll
  static void up() {
    lab = new RealLab(new LabOptions(2, false, true, Optional.of(new LabServers(2, true)), false));
    guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    proof = guest.proof();
  }

  @AfterAll
  static void down() {
    lab.ask(SECOND);
    guest.delete();
    lab.close();
  }

  /** A move away from where the guest is, in mid-copy, asked of the first server. */
  private static Move copying() {
    lab.ask(FIRST);
    String source = guest.show().path("host").asText();
    guest.copySlowly(source, 1);
    return lab.migrate(guest, Optional.of(other(source))).awaitCopying();
  }

  private static String other(String host) {
    return host.equals("h1") ? "h2" : "h1";
  }

  /** It ends at the server that is asked now, completed, and leaves nothing behind. */
  private static void assertCompleted(Move move, String source) {
    guest.copyFast(source);
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
    lab.assertLives(guest, other(source));
    proof.holds();
  }

  private static long epoch(Move move) {
    long last = 0;
    for (JsonNode entry : move.show().path("journal")) {
      last = entry.path("epoch").asLong();
    }
    return last;
  }

  @Test
  void a_move_whose_server_is_killed_goes_on_at_the_other() {
    Move move = copying();
    String source = guest.show().path("host").asText();
    long before = epoch(move);

    lab.lab().kill(FIRST, FIRST);
    lab.ask(SECOND);

    assertCompleted(move, source);
    assertThat(epoch(move)).as("of another owner").isGreaterThan(before);
    lab.lab().start(FIRST, FIRST);
    lab.ask(FIRST);
    assertThat(move.phase()).isEqualTo("COMPLETED");
  }

  @Test
  void a_server_that_stood_still_changes_nothing_of_what_was_taken_over() {
    Move move = copying();
    String source = guest.show().path("host").asText();
    RecordedProcess frozen = lab.lab().process(FIRST, FIRST).orElseThrow();

    frozen.signal("STOP");
    try {
      lab.ask(SECOND);
      assertCompleted(move, source);
    } finally {
      frozen.signal("CONT");
    }

    JsonNode before = move.show();
    lab.ask(FIRST);
    Await.until(
        "it to know that it was taken over",
        RealLab.PATIENCE,
        () ->
            LabFolder.read(lab.lab().folder().resolve("log/server.log"))
                .orElse("")
                .contains("this server stood still"));
    assertThat(move.show().path("journal")).isEqualTo(before.path("journal"));
    lab.assertLives(guest, other(source));
    // It is one of the servers again.
    lab.moved(guest, source);
    lab.assertLives(guest, source);
  }

  @Test
  void a_database_that_is_away_for_a_while_costs_nothing_but_that_time() {
    Move move = copying();
    String source = guest.show().path("host").asText();

    lab.lab().kill("postgresql", "");
    assertThat(lab.refused(() -> guest.show())).isEqualTo(503);
    lab.ask(SECOND);
    assertThat(lab.refused(() -> guest.show())).isEqualTo(503);
    lab.lab().start("postgresql", "");

    assertCompleted(move, source);
  }
}
