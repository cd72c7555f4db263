package dev.godwit.server.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class HostInWordsTest {
  private static String seen(GuestView guest, TransferRecord transfer) {
    return HostInWords.sentence(new HostView.Seen(Instant.EPOCH, guest, transfer));
  }

  private static GuestView active(RunState state, StateReason reason, JobView job) {
    return new GuestView.Active(state, reason, job, 1, true, false);
  }

  @Test
  void what_a_host_holds_is_told_in_words() {
    assertThat(
            seen(
                active(RunState.RUNNING, StateReason.OTHER, JobView.OUTGOING),
                new TransferRecord.Started()))
        .isEqualTo(
            "the guest runs, and is being sent to another host; its transfer has been ordered");
    assertThat(
            seen(
                active(RunState.PAUSED, StateReason.MIGRATION, JobView.NONE),
                new TransferRecord.Ended("no route to host")))
        .isEqualTo(
            "the guest is paused by the migration; its transfer ended with: no route to host");
    assertThat(
            seen(
                new GuestView.Inactive(true, GuestView.End.MIGRATED, false),
                new TransferRecord.NotStarted()))
        .isEqualTo("the guest does not run, its definition is kept; it moved away");
    assertThat(
            seen(
                new GuestView.Inactive(false, GuestView.End.UNKNOWN, false),
                new TransferRecord.Interrupted(1)))
        .isEqualTo("nothing of the guest; its transfer was interrupted after 1 attempt");
    assertThat(HostInWords.sentence(new HostView.Unknown("no answer in 2 s")))
        .isEqualTo("what it holds is not known: no answer in 2 s");
  }

  @Test
  void no_state_is_told_by_the_name_of_a_constant_or_of_a_record() {
    for (RunState state : RunState.values()) {
      for (StateReason reason : StateReason.values()) {
        for (JobView job : JobView.values()) {
          assertThat(seen(active(state, reason, job), new TransferRecord.Ended("")))
              .doesNotContain("[", "=", "_")
              .doesNotContainPattern("[A-Z]{2}");
        }
      }
    }
  }
}
