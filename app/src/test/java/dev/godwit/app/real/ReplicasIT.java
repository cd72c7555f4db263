package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.LabServers;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.RecordedProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two servers on one PostgreSQL: what one of them leaves, the other goes on with. */
class ReplicasIT {
  private static final String FIRST = "server";
  private static final String SECOND = "server2";

  /**
   * Five seconds are promised: a lease of 3, half a one for the look that finds it ended, half a
   * one for the round that takes the move up, and the rest for its next step. Three more are for a
   * machine on which two hosts and all else share a few processors.
   */
  private static final Duration TAKEOVER = Duration.ofSeconds(5 + 3);

  private static final String[] AFTER_THE_COPY = {
    "COMMIT", "SETTLE_NEXT", "SETTLE_NEXT", "SETTLE_NEXT", "COMPLETE"
  };

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

  /** A move away from where the guest is, in mid-copy, which the first server owns. */
  private static Move copying() {
    lab.ask(FIRST);
    String source = guest.show().path("host").asText();
    guest.copySlowly(source, 1);
    // Else it may be the one that finds it first.
    RecordedProcess second = process(SECOND);
    second.signal("STOP");
    try {
      return lab.migrate(guest, Optional.of(other(source))).awaitCopying();
    } finally {
      second.signal("CONT");
    }
  }

  private static RecordedProcess process(String server) {
    return lab.lab().process(server, "server").orElseThrow();
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
    return move.show().path("epoch").asLong();
  }

  @Test
  void a_move_whose_server_is_killed_goes_on_at_the_other() {
    Move move = copying();
    String source = guest.show().path("host").asText();
    long before = epoch(move);

    lab.lab().kill(FIRST, FIRST);
    lab.ask(SECOND);
    Await.until("another owner", TAKEOVER, () -> epoch(move) > before);

    assertCompleted(move, source);
    lab.lab().start(FIRST, FIRST);
    lab.ask(FIRST);
    assertThat(move.phase()).isEqualTo("COMPLETED");
  }

  @Test
  void a_server_that_stood_still_before_an_order_is_refused_while_the_other_goes_on() {
    Move move = copying();
    String source = guest.show().path("host").asText();
    RecordedProcess frozen = process(FIRST);
    Instant stopped;

    try (HeldJournal held = new HeldJournal(lab, "COMMIT", "SETTLE_NEXT")) {
      guest.copyFast(source);
      held.awaitWriter();
      frozen.signal("STOP");
      stopped = Instant.now();
      // Written, and the fence that it means is not ordered.
      held.letGo("COMMIT");
      lab.ask(SECOND);
      // The other had that fence made, under its own epoch, and is not over with the move.
      held.awaitWriter();
      frozen.signal("CONT");
      awaitLog("a host has seen later orders than this owner's");
      assertThat(move.phase()).isEqualTo("SETTLING");
      held.letGo("SETTLE_NEXT");
    } finally {
      frozen.signal("CONT");
    }

    assertCompleted(move, source);
    JsonNode journal = move.show().path("journal");
    assertThat(journal.findValuesAsText("transition")).endsWith(AFTER_THE_COPY);
    assertThat(Duration.between(stopped, firstOfAnotherOwner(journal))).isLessThan(TAKEOVER);
    awaitLog("this server stood still");
    lab.ask(FIRST);
    assertThat(move.show().path("journal")).isEqualTo(journal);
    lab.assertLives(guest, other(source));
    // It is one of the servers again.
    lab.moved(guest, source);
    lab.assertLives(guest, source);
  }

  /** When the first entry after the commit was decided, which the commit's owner never saw. */
  private static Instant firstOfAnotherOwner(JsonNode journal) {
    int commit = journal.findValuesAsText("transition").indexOf("COMMIT");
    JsonNode next = journal.get(commit + 1);
    assertThat(next.path("epoch").asLong())
        .as(journal.toPrettyString())
        .isGreaterThan(journal.get(commit).path("epoch").asLong());
    return Instant.parse(next.path("at").asText());
  }

  private static void awaitLog(String words) {
    Await.until(
        "the first server to say: " + words,
        RealLab.PATIENCE,
        () ->
            LabFolder.read(lab.lab().folder().resolve("log/server.log"))
                .orElse("")
                .contains(words));
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
