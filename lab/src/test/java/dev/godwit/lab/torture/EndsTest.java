package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which ends of a struck move are taken for good. */
final class EndsTest {
  private final Ends ends = new Ends();

  private Optional<String> wrong(Way way, Victim victim, String status, String... transitions) {
    return wrong(
        new Case(Storage.SHARED, way, victim, Harm.KILL, new Moment.Turned()), status, transitions);
  }

  private Optional<String> wrong(Case it, String status, String... transitions) {
    return ends.wrong(
        it,
        status,
        List.of(transitions).stream()
            .map(each -> new Journal.Entry(Instant.EPOCH, each, Optional.empty(), ""))
            .toList());
  }

  @Test
  void a_move_survives_the_death_of_a_server_or_an_agent() {
    assertThat(wrong(Way.SUCCESS, Victim.SERVER, "completed")).isEmpty();
    assertThat(wrong(Way.SUCCESS, Victim.SERVER, "failed"))
        .hasValue("it ended as failed, expected completed");
    assertThat(wrong(Way.SUCCESS, Victim.SOURCE_AGENT, "cancelled")).isPresent();
    assertThat(wrong(Way.ABORT, Victim.SERVER, "completed", "TRANSFER")).isEmpty();
    assertThat(wrong(Way.ABORT, Victim.SERVER, "completed", "TRANSFER_CANCELLED")).isPresent();
    assertThat(wrong(Way.EARLY_ABORT, Victim.SERVER, "completed", "TRANSFER")).isEmpty();
    assertThat(wrong(Way.EARLY_ABORT, Victim.SERVER, "completed", "CANCEL_PREPARING")).isPresent();
    assertThat(wrong(Way.ROLLBACK, Victim.SERVER, "cancelled", "TRANSFER_FAILED")).isPresent();
  }

  @Test
  void a_copy_may_fail_with_the_daemons_that_make_it() {
    assertThat(wrong(Way.SUCCESS, Victim.SOURCE_LIBVIRTD, "failed")).isEmpty();
    assertThat(wrong(Way.SUCCESS, Victim.SOURCE_LIBVIRTD, "cancelled")).isPresent();
  }

  @Test
  void a_copy_whose_arrival_only_stood_still_goes_on() {
    Moment half = new Moment.Copying(2, 4);
    Case frozen = new Case(Storage.COPIED, Way.SUCCESS, Victim.INCOMING_QEMU, Harm.FREEZE, half);
    assertThat(wrong(frozen, "completed", "TRANSFER")).isEmpty();
    assertThat(wrong(frozen, "failed", "TRANSFER"))
        .hasValue("it ended as failed, expected completed");
    Case killed = new Case(Storage.COPIED, Way.SUCCESS, Victim.INCOMING_QEMU, Harm.KILL, half);
    assertThat(wrong(killed, "failed", "TRANSFER")).isEmpty();
  }

  @Test
  void nothing_goes_back_that_was_committed_whatever_was_struck() {
    for (Victim victim :
        List.of(Victim.SOURCE_LIBVIRTD, Victim.INCOMING_QEMU, Victim.SOURCE_HOST)) {
      assertThat(wrong(Way.SUCCESS, victim, "failed", "TRANSFER", "COMMIT"))
          .hasValue("it ended as failed, expected completed");
      assertThat(wrong(Way.SUCCESS, victim, "completed", "TRANSFER", "COMMIT")).isEmpty();
    }
    assertThat(wrong(Way.ROLLBACK, Victim.SERVER, "failed", "TRANSFER", "COMMIT")).isPresent();
    assertThat(wrong(Way.ABORT, Victim.SERVER, "cancelled", "TRANSFER", "COMMIT")).isPresent();
  }

  @Test
  void post_copy_never_goes_back_once_it_was_committed() {
    assertThat(wrong(Way.POST_COPY, Victim.SOURCE_LIBVIRTD, "failed", "PLAN")).isEmpty();
    assertThat(wrong(Way.POST_COPY, Victim.SOURCE_LIBVIRTD, "failed", "PLAN", "COMMIT"))
        .isPresent();
  }
}
