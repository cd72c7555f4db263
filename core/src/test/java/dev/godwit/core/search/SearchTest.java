package dev.godwit.core.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Moves;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Plans;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import org.junit.jupiter.api.Test;

class SearchTest {
  private static final int FAULTS = Integer.getInteger("godwit.search.faults", 1);

  private static Search.Found search(TransferPlan plan, Rules rules) {
    World first = new World(Moves.in(new Phase.Planned(), plan, Wishes.NONE), true, FAULTS);
    Search.Found found = Search.from(first, rules);
    System.out.printf("searched %,d states, up to %d faults%n", found.states(), FAULTS);
    return found;
  }

  @Test
  void a_copied_disk_ends_well_in_every_history() {
    assertThat(search(Plans.copied(), Rules.PRODUCTION).wrong()).isEmpty();
  }

  @Test
  void a_shared_disk_ends_well_in_every_history() {
    assertThat(search(Plans.shared(), Rules.PRODUCTION).wrong()).isEmpty();
  }

  @Test
  void a_strict_hand_over_ends_well_in_every_history() {
    assertThat(search(Plans.strict(), Rules.PRODUCTION).wrong()).isEmpty();
  }
}
