package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.host.Await;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is left behind where an agent has lost its memory, and what is not touched beside it. */
@ExtendWith(SharedLab.class)
class LeftoversIT {
  private final RealLab lab;

  LeftoversIT(RealLab lab) {
    this.lab = lab;
  }

  /** Of every host: an agent that was just started is not reached at once. */
  private JsonNode listed() {
    Await.until(
        "every host to be looked at", RealLab.PATIENCE, () -> look().path("unseen").isEmpty());
    JsonNode seen = look();
    assertThat(seen.path("unseen")).as(seen.toPrettyString()).isEmpty();
    return seen.path("leftovers");
  }

  private JsonNode look() {
    return lab.api().get("/godwit/v1/leftovers");
  }

  private void forget(String host) {
    lab.lab().kill(host, "agent");
    lab.on(host, "sh", "-c", "rm -f " + lab.lab().host(host).home() + "/agent/migrations/*.json");
    lab.lab().start(host, "agent");
    lab.mend();
  }

  @Test
  void what_an_ended_move_left_goes_and_what_is_in_use_or_foreign_stays() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    String directory = "/srv/local/instances/" + guest.id();
    assertThat(listed()).as("a guest at home is no leftover: " + listed()).isEmpty();
    guest.copySlowly("h1", 1);
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    // The copy with its marker, as it is in the midst of the move.
    lab.on("h2", "cp", "-a", directory, "/srv/local/kept");
    assertThat(listed()).as("a living move's is none: " + listed()).isEmpty();
    move.abort();
    assertThat(move.awaitEnd().path("status").asText()).isEqualTo("cancelled");
    lab.assertLives(guest, "h1");
    assertThat(listed()).isEmpty();
    lab.on("h2", "mv", "/srv/local/kept", directory);
    lab.on("h2", "sh", "-c", "echo mine > /srv/local/instances/foreign");
    forget("h2");

    JsonNode left = listed();

    assertThat(left).as(left.toPrettyString()).hasSize(1);
    assertThat(left.get(0).path("name").asText()).isEqualTo(directory + "/vda.qcow2");
    assertThat(left.get(0).path("removable").asBoolean()).as(left.toPrettyString()).isTrue();
    CommandLineRun kept = CommandLineRun.of(lab, "leftovers", "--host", "h1", "--remove");
    assertThat(kept.exit()).as(kept.err()).isZero();
    assertThat(listed()).as("another host was asked").hasSize(1);

    CommandLineRun removed = CommandLineRun.of(lab, "leftovers", "--remove");

    assertThat(removed.exit()).as(removed.out() + removed.err()).isZero();
    assertThat(removed.out()).contains("Removed: h2: disk " + directory);
    assertThat(listed()).isEmpty();
    assertThat(CommandLineRun.of(lab, "leftovers").out()).contains("Nothing is left.");
    assertThat(lab.on("h2", "find", "/srv/local", "-type", "f").strip())
        .isEqualTo("/srv/local/instances/foreign");
    lab.on("h2", "rm", "/srv/local/instances/foreign");
    proof.holds();
    guest.copyFast("h1");
    lab.moved(guest, "h2");
    guest.delete();
  }

  @Test
  void a_disk_that_no_move_was_making_is_listed_with_what_to_do_and_stays() {
    Guest guest = lab.guest().localDisk("vda", "raw").on("h1");
    String directory = "/srv/local/instances/" + guest.id();
    lab.on("h1", "cp", "-a", "--sparse=always", directory, "/srv/local/kept");
    lab.moved(guest, "h2");
    lab.assertLives(guest, "h2");
    lab.on("h1", "mv", "/srv/local/kept", directory);

    CommandLineRun told = CommandLineRun.of(lab, "leftovers");
    CommandLineRun removed = CommandLineRun.of(lab, "leftovers", "--remove");

    assertThat(told.out())
        .contains("h1: disk " + directory + "/vda.raw")
        .contains("its instance lives on h2")
        .contains("To do: ");
    assertThat(removed.out()).contains("Nothing was found that is proven");
    assertThat(lab.on("h1", "ls", directory)).contains("vda.raw");
    lab.on("h1", "rm", "-r", directory);
    guest.delete();
  }
}
