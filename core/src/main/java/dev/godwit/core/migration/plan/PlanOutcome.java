package dev.godwit.core.migration.plan;

import dev.godwit.core.model.Refusal;
import java.util.List;

/** Result of planning one migration. */
public sealed interface PlanOutcome {
  /** A destination was found and its capacity claimed. */
  record Chosen(TransferPlan plan) implements PlanOutcome {}

  /** No host will do; the reasons, host by host. */
  record Refused(List<Refusal> reasons) implements PlanOutcome {
    public Refused {
      reasons = List.copyOf(reasons);
    }
  }

  /** The facts could not be had now (a host is silent); nothing was decided. */
  record Unanswered(String why) implements PlanOutcome {}
}
