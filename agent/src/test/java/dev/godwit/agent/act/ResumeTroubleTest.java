package dev.godwit.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Words of libvirt 9.0, as they were seen. */
class ResumeTroubleTest {
  static final String NOT_ANSWERED =
      "Timed out during operation: cannot acquire state change lock (held by"
          + " monitor=remoteDispatchDomainMigrateFinish3Params)";
  static final String STILL_WAITED_FOR =
      "operation failed: migration of domain vm is being monitored by another thread";

  @Test
  void a_qemu_that_does_not_answer_is_told_apart_from_one_that_is_waited_for() {
    assertThat(ResumeTrouble.of(NOT_ANSWERED)).isEqualTo(ResumeTrouble.NOT_ANSWERED);
    assertThat(ResumeTrouble.of(STILL_WAITED_FOR)).isEqualTo(ResumeTrouble.STILL_WAITED_FOR);
    assertThat(
            ResumeTrouble.of(
                "Timed out during operation: cannot acquire state change lock (held by"
                    + " monitor=remoteDispatchDomainGetInfo)"))
        .isEqualTo(ResumeTrouble.OTHER);
  }

  @Test
  void only_what_is_over_soon_without_anybody_mends_itself() {
    assertThat(ResumeTrouble.values())
        .filteredOn(ResumeTrouble::mendsItself)
        .containsExactly(ResumeTrouble.NOT_NOTICED, ResumeTrouble.STILL_WAITED_FOR);
  }
}
