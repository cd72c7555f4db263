package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.plan.CheckResult;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.Refusal;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.conductor.Sightings;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.MigrationRow;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What only Godwit's own API tells. */
public final class GodwitView {
  private GodwitView() {}

  /** A migration without its history. */
  public static ObjectNode migration(MigrationRow row, String instanceName) {
    ObjectNode view = Json.object();
    view.put("id", row.migration().id().toString());
    view.put("number", row.migration().number());
    view.put("instance", row.migration().instance().toString());
    view.put("instance_name", instanceName);
    view.put("source", row.migration().source().value());
    Json.put(
        view,
        "destination",
        row.destination().or(() -> row.migration().request().destination()).map(HostName::value));
    view.put("phase", row.migration().phase().name().name());
    Json.put(view, "step", step(row.migration().phase()));
    view.put("status", MigrationView.status(row));
    view.put("why", row.why());
    view.put("alarm", row.alarm());
    Optional<TransferPlan> plan = row.migration().plan();
    Json.put(view, "hand_over", plan.map(it -> it.handOver().name().toLowerCase(Locale.ROOT)));
    view.put("native_tls", plan.map(TransferPlan::nativeTls).orElse(false));
    view.put("epoch", row.migration().epoch().value());
    view.put("accepted_at", Json.zoned(row.migration().acceptedAt()));
    Json.put(view, "transfer_at", row.transferAt().map(Json::zoned));
    Json.put(view, "committed_at", row.committedAt().map(Json::zoned));
    Json.put(view, "ended_at", row.endedAt().map(Json::zoned));
    view.putObject("wishes")
        .put("abort", row.migration().wishes().abort())
        .put("force_complete", row.migration().wishes().forceComplete());
    view.set("disks", disks(plan.map(TransferPlan::disks).orElse(List.of())));
    view.set("refusals", Json.array(reasons(row.migration().phase()), GodwitView::refusal));
    view.set("checks", Json.array(row.checks(), GodwitView::hostChecks));
    view.set(
        "sample",
        row.sample()
            .<com.fasterxml.jackson.databind.JsonNode>map(GodwitView::sample)
            .orElse(com.fasterxml.jackson.databind.node.NullNode.getInstance()));
    return view;
  }

  private static Optional<String> step(Phase phase) {
    return switch (phase) {
      case Phase.Preparing(var step) -> Optional.of(step.name());
      case Phase.Settling(var step) -> Optional.of(step.name());
      case Phase.RollingBack(var step, var _) -> Optional.of(step.name());
      case Phase.Accepted(),
          Phase.Planned(),
          Phase.Transferring(),
          Phase.Completed(),
          Phase.Cancelled _,
          Phase.Failed _ ->
          Optional.empty();
    };
  }

  private static List<Refusal> reasons(Phase phase) {
    Ending none = Ending.aborted();
    Ending ending =
        switch (phase) {
          case Phase.RollingBack(var _, var it) -> it;
          case Phase.Cancelled(var it) -> it;
          case Phase.Failed(var it) -> it;
          case Phase.Accepted(),
              Phase.Planned(),
              Phase.Preparing _,
              Phase.Transferring(),
              Phase.Settling _,
              Phase.Completed() ->
              none;
        };
    return ending.reasons();
  }

  private static ArrayNode disks(List<DiskMove> disks) {
    return Json.array(
        disks,
        disk ->
            Json.object()
                .put("target", disk.target())
                .put("path", disk.path())
                .put("mode", disk.mode().name().toLowerCase(Locale.ROOT)));
  }

  /** A refusal. */
  public static ObjectNode refusal(Refusal refusal) {
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

  private static ObjectNode hostChecks(MigrationRow.HostChecks checks) {
    ObjectNode view = Json.object().put("host", checks.host().value());
    view.set("checks", Json.array(checks.results(), GodwitView::check));
    return view;
  }

  /** A journal entry. */
  public static ObjectNode entry(MigrationRow.Entry entry) {
    ObjectNode view =
        Json.object()
            .put("at", Json.zoned(entry.at()))
            .put("transition", entry.transition())
            .put("from", entry.from())
            .put("to", entry.to());
    Json.put(view, "step", entry.step());
    return view.put("why", entry.why()).put("epoch", entry.epoch());
  }

  /** What a host looked like. */
  public static ObjectNode sighting(Sightings.Sighting sighting) {
    return Json.object()
        .put("at", Json.zoned(sighting.at()))
        .put("host", sighting.host().value())
        .put("sentence", Look.sentence(sighting.view()))
        .put("text", sighting.text());
  }

  /** Progress. */
  public static ObjectNode sample(MigrationSample sample) {
    ObjectNode view =
        Json.object()
            .put("at", Json.zoned(sample.at()))
            .put("post_copy", sample.postCopy())
            .put("elapsed_ms", sample.elapsedMs())
            .put("memory_total_bytes", sample.memoryTotalBytes())
            .put("memory_processed_bytes", sample.memoryProcessedBytes())
            .put("memory_remaining_bytes", sample.memoryRemainingBytes())
            .put("disk_total_bytes", sample.diskTotalBytes())
            .put("disk_processed_bytes", sample.diskProcessedBytes());
    ObjectNode disks = view.putObject("disk_remaining_bytes");
    sample.diskRemainingBytes().forEach(disks::put);
    view.put("memory_bps", sample.memoryBps())
        .put("dirty_pages_per_second", sample.dirtyPagesPerSecond())
        .put("page_size_bytes", sample.pageSizeBytes())
        .put("iteration", sample.iteration())
        .put("downtime_limit_ms", sample.downtimeLimitMs());
    if (sample.downtimeMs().isPresent()) {
      view.put("downtime_ms", sample.downtimeMs().getAsLong());
    } else {
      view.putNull("downtime_ms");
    }
    Optional<Long> eta = eta(sample);
    if (eta.isPresent()) {
      view.put("eta_ms", eta.get());
    } else {
      view.putNull("eta_ms");
    }
    return view;
  }

  /** Empty when the guest dirties memory faster than it is copied: no end is in sight. */
  private static Optional<Long> eta(MigrationSample sample) {
    long dirtied = sample.dirtyPagesPerSecond() * sample.pageSizeBytes();
    long net = sample.memoryBps() - dirtied;
    if (sample.downtimeMs().isPresent() || sample.memoryBps() == 0 || net <= 0) {
      return Optional.empty();
    }
    long left = sample.memoryRemainingBytes() + sample.diskRemainingTotalBytes();
    return Optional.of(left * 1000 / net);
  }

  /** A host. */
  public static ObjectNode host(Fleet.Member member) {
    HostInventory inventory = member.row().inventory();
    ObjectNode view =
        Json.object()
            .put("name", member.name().value())
            .put("node", inventory.node())
            .put("address", inventory.address())
            .put("up", member.up())
            .put("enabled", !member.row().disabled());
    Json.put(view, "disabled_reason", member.row().disabledReason());
    view.put("seen_at", Json.zoned(member.row().seenAt()))
        .put("hypervisor_type", inventory.hypervisorType())
        .put("hypervisor_version", inventory.hypervisorVersion())
        .put("libvirt_version", inventory.libvirtVersion());
    ArrayNode types = view.putArray("virt_types");
    inventory.virtTypes().forEach(types::add);
    view.put("vcpus", inventory.vcpus())
        .put("memory_mib", inventory.memoryMib())
        .put("free_memory_mib", member.freeMemoryMib())
        .put("local_gib", inventory.localGib())
        .put("free_local_gib", inventory.freeLocalGib());
    view.set("guests", Json.array(inventory.guests(), GodwitView::guest));
    return view;
  }

  private static ObjectNode guest(GuestListing guest) {
    return Json.object()
        .put("uuid", guest.id().toString())
        .put("name", guest.name())
        .put("power_state", guest.powerState().name())
        .put("memory_mib", guest.memoryMib())
        .put("vcpus", guest.vcpus())
        .put("ours", guest.ours());
  }

  /** A dry run. */
  public static ObjectNode findings(
      DestinationSearch.Question question, DestinationSearch.Findings findings) {
    ObjectNode view =
        Json.object()
            .put("instance", question.instance().toString())
            .put("source", question.source().value());
    view.set("guest", Json.array(findings.guest(), GodwitView::check));
    view.set(
        "hosts",
        Json.array(
            findings.hosts(),
            checks -> {
              Optional<TransferPlan> plan =
                  Optional.ofNullable(findings.plans().get(checks.host()));
              ObjectNode host =
                  Json.object()
                      .put("host", checks.host().value())
                      .put("suitable", plan.isPresent());
              Json.put(
                  host, "hand_over", plan.map(it -> it.handOver().name().toLowerCase(Locale.ROOT)));
              host.set("disks", disks(plan.map(TransferPlan::disks).orElse(List.of())));
              host.set("checks", Json.array(checks.results(), GodwitView::check));
              return host;
            }));
    return view;
  }
}
