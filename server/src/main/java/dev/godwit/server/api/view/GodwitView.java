package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Owed;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Ruling;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Fence;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Sighting;
import dev.godwit.server.store.Stored;
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
    view.put("why", row.waiting().why());
    view.put("alarm", row.waiting().alarm());
    view.set("way_out", wayOut(row.waiting().wayOut()));
    Optional<TransferPlan> plan = row.migration().plan();
    Json.put(view, "hand_over", plan.map(it -> it.handOver().name().toLowerCase(Locale.ROOT)));
    view.put("native_tls", plan.map(TransferPlan::nativeTls).orElse(false));
    view.put("epoch", row.migration().epoch().value());
    view.put("accepted_at", Json.zoned(row.migration().acceptedAt()));
    Json.put(view, "transfer_at", row.transferAt().map(Json::zoned));
    Json.put(view, "committed_at", row.committedAt().map(Json::zoned));
    Json.put(view, "ended_at", row.endedAt().map(Json::zoned));
    Wishes wishes = row.migration().wishes();
    view.putObject("wishes")
        .put("abort", wishes.abort())
        .put("force_complete", wishes.forceComplete());
    view.set(
        "ruling", wishes.ruling().<JsonNode>map(GodwitView::ruling).orElse(NullNode.getInstance()));
    view.set("owed", Json.array(row.migration().owed(), GodwitView::owed));
    view.set("disks", PlanView.disks(plan.map(TransferPlan::disks).orElse(List.of())));
    view.set("refusals", Json.array(reasons(row.migration().phase()), PlanView::refusal));
    view.set("checks", Json.array(row.checks(), PlanView::hostChecks));
    view.set("sample", row.sample().<JsonNode>map(CopyView::sample).orElse(NullNode.getInstance()));
    return view;
  }

  /** One that cannot be read: what its columns tell by themselves, and that somebody has to act. */
  public static ObjectNode unread(Stored.Unread unread) {
    ObjectNode view = Json.object();
    view.put("id", unread.id().toString());
    view.put("number", unread.number());
    view.put("instance", unread.instance().toString());
    view.put("source", unread.source().value());
    Json.put(view, "destination", unread.destination().map(HostName::value));
    view.put("phase", unread.phase());
    view.put("why", unread.why());
    view.put("alarm", true);
    return view;
  }

  private static ObjectNode wayOut(WayOut wayOut) {
    ObjectNode view = Json.object();
    view.put("because", wayOut.because());
    hosts(view.putArray("end"), wayOut.end());
    hosts(view.putArray("home"), wayOut.home());
    hosts(view.putArray("resume"), wayOut.resume());
    return view;
  }

  private static void hosts(ArrayNode view, List<HostName> hosts) {
    hosts.forEach(host -> view.add(host.value()));
  }

  private static ObjectNode owed(Owed owed) {
    return Json.object().put("host", owed.host().value()).put("step", owed.step());
  }

  private static ObjectNode ruling(Ruling ruling) {
    return Json.object()
        .put("home", ruling.home().value())
        .put("by", ruling.by())
        .put("reason", ruling.reason());
  }

  private static ObjectNode fence(Fence fence) {
    ObjectNode view = Json.object().put("by", fence.by()).put("since", Json.zoned(fence.since()));
    Json.put(view, "reason", fence.reason());
    return view;
  }

  private static Optional<String> step(Phase phase) {
    return switch (phase) {
      case Phase.Preparing(var step) -> Optional.of(step.name());
      case Phase.Settling(var step) -> Optional.of(step.name());
      case Phase.RollingBack(var step, var _) -> Optional.of(step.name());
      case Phase.Accepted(),
          Phase.Planned(),
          Phase.Transferring _,
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
              Phase.Transferring _,
              Phase.Settling _,
              Phase.Completed() ->
              none;
        };
    return ending.reasons();
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
  public static ObjectNode sighting(Sighting sighting) {
    return Json.object()
        .put("at", Json.zoned(sighting.at()))
        .put("host", sighting.host().value())
        .put("sentence", sighting.sentence())
        .put("text", sighting.view());
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
    view.set(
        "fenced",
        member.row().fence().<JsonNode>map(GodwitView::fence).orElse(NullNode.getInstance()));
    view.put("seen_at", Json.zoned(member.row().seenAt()))
        .put("hypervisor_type", inventory.hypervisorType())
        .put("hypervisor_version", inventory.hypervisorVersion())
        .put("libvirt_version", inventory.libvirtVersion());
    ArrayNode types = view.putArray("virt_types");
    inventory.virtTypes().forEach(types::add);
    view.put("vcpus", inventory.vcpus())
        .put("memory_mib", inventory.memoryMib())
        .put("free_memory_mib", member.free().memoryMib())
        .put("free_vcpus", member.free().vcpus())
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
}
