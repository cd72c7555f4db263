package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.ExitCodes;
import dev.godwit.lab.host.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Guests that ran before Godwit, taken in by an operator at the command line. */
@ExtendWith(SharedLab.class)
class AdoptIT {
  private final RealLab lab;

  AdoptIT(RealLab lab) {
    this.lab = lab;
  }

  @Test
  void a_domain_that_ran_before_godwit_is_adopted_and_moves_without_a_restart() {
    Guest guest = Foreign.started(lab, "h1", "");
    Guest.Proof proof = guest.proof();
    Await.until("h1 to tell of it", RealLab.PATIENCE, () -> announced("h1", guest));

    CommandLineRun adopted = CommandLineRun.of(lab, "vm", "adopt", Foreign.NAME);
    assertThat(adopted.exit()).as(adopted.err()).isEqualTo(ExitCodes.DONE);
    assertThat(adopted.out()).contains(guest.id(), "ACTIVE", "h1");
    CommandLineRun again = CommandLineRun.of(lab, "vm", "adopt", guest.id(), "--host", "h1");
    assertThat(again.out()).as("to adopt it again changes nothing").isEqualTo(adopted.out());
    proof.holds();
    CommandLineRun moved =
        CommandLineRun.of(lab, "migrate", Foreign.NAME, "--to", "h2", "--follow");
    assertThat(moved.exit()).as(moved.err()).isEqualTo(ExitCodes.DONE);

    lab.assertLives(guest, "h2");
    proof.holds();
    assertThat(lab.virsh("h2").must("dominfo", guest.id())).containsPattern("Autostart:\\s+enable");
    assertThat(lab.on("h1", "ls", "/srv/local")).doesNotContain(Foreign.NAME);
    guest.delete();
  }

  @Test
  void what_is_not_there_is_not_adopted_and_the_operator_is_told_so() {
    CommandLineRun nobody = CommandLineRun.of(lab, "vm", "adopt", "nobody", "--host", "h1");
    assertThat(nobody.exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(nobody.err()).contains("nobody", "h1", "To do:");
  }

  private boolean announced(String host, Guest guest) {
    return lab.host(host).path("guests").findValuesAsText("uuid").contains(guest.id());
  }
}
