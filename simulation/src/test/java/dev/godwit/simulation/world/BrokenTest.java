package dev.godwit.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.simulation.world.Broken.When;
import org.junit.jupiter.api.Test;

/** What {@link Shrink} takes for the same wrong end. */
class BrokenTest {
  @Test
  void what_broke_in_a_step_is_the_same_by_its_words() {
    Broken twice = new Broken(When.MEANWHILE, "it runs twice");

    assertThat(twice.sameAs(new Broken(When.MEANWHILE, "it runs twice"))).isTrue();
    assertThat(twice.sameAs(new Broken(When.MEANWHILE, "it was destroyed"))).isFalse();
  }

  @Test
  void what_is_found_at_rest_is_the_same_whatever_names_it_bears() {
    assertThat(
            new Broken(When.AT_REST, "left on h1").sameAs(new Broken(When.AT_REST, "left on h2")))
        .isTrue();
  }

  @Test
  void a_history_that_does_not_end_is_not_one_that_ends_wrong() {
    assertThat(new Broken(When.NEVER_ENDING, "").sameAs(new Broken(When.AT_REST, ""))).isFalse();
  }
}
