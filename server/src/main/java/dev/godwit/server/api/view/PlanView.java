package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.plan.CheckResult;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.Refusal;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.store.MigrationRow;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What speaks for and against a move, and how it would be done. */
public final class PlanView {
  private PlanView() {}

  static ArrayNode disks(List<DiskMove> disks) {
    return Json.array(
        disks,
        disk ->
            Json.object()
                .put("target", disk.target())
                .put("path", disk.path())
                .put("mode", disk.mode().name().toLowerCase(Locale.ROOT)));
  }

  /** A refusal. */
  static ObjectNode refusal(Refusal refusal) {
    return Json.object()
        .put("code", refusal.code())
        .put("subject", refusal.subject())
        .put("expected", refusal.expected())
        .put("found", refusal.found())
        .put("remedy", refusal.remedy());
  }

  private static ObjectNode check(CheckResult check) {
    return refusal(check.detail())
        .put("passed", check.passed())
        .put("warning", check.outcome() == CheckResult.Outcome.WARNED);
  }

  static ObjectNode hostChecks(MigrationRow.HostChecks checks) {
    ObjectNode view = Json.object().put("host", checks.host().value());
    view.set("checks", Json.array(checks.results(), PlanView::check));
    return view;
  }

  /** A dry run. */
  public static ObjectNode findings(
      DestinationSearch.Question question, DestinationSearch.Findings findings) {
    ObjectNode view =
        Json.object()
            .put("instance", question.instance().toString())
            .put("source", question.source().value());
    view.set("guest", Json.array(findings.guest(), PlanView::check));
    view.set(
        "hosts",
        Json.array(
            findings.hosts(),
            checks -> {
              Optional<TransferPlan> plan =
                  Optional.ofNullable(findings.offers().get(checks.host()))
                      .map(DestinationSearch.Offer::plan);
              ObjectNode host =
                  Json.object()
                      .put("host", checks.host().value())
                      .put("suitable", plan.isPresent());
              Json.put(
                  host, "hand_over", plan.map(it -> it.handOver().name().toLowerCase(Locale.ROOT)));
              host.set("disks", disks(plan.map(TransferPlan::disks).orElse(List.of())));
              host.set("checks", Json.array(checks.results(), PlanView::check));
              return host;
            }));
    return view;
  }
}
