package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.BlockInfo;
import dev.godwit.libvirt.BlockJobInfo;
import dev.godwit.libvirt.CreateFlag;
import dev.godwit.libvirt.DirtyRate;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainJob;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.DomainStateReason;
import dev.godwit.libvirt.DomainXmlFlag;
import dev.godwit.libvirt.ErrorCode;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.StateReason;
import dev.godwit.libvirt.StatsGroup;
import dev.godwit.libvirt.TypedParameters;
import dev.godwit.libvirt.UndefineFlag;
import dev.godwit.simulation.libvirt.Guest.Job;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A domain of a simulated daemon. */
final class SimulatedDomain implements Domain {
  /** VIR_JOB_WAIT_TIME: how long a change waits for a job that does not let it in. */
  private static final Duration JOB_WAIT = Duration.ofSeconds(30);

  private final SimulatedConnection connection;
  private final UUID uuid;

  SimulatedDomain(SimulatedConnection connection, UUID uuid) {
    this.connection = connection;
    this.uuid = uuid;
  }

  SimulatedConnection connection() {
    return connection;
  }

  SimulatedHost host() {
    return connection.daemon().host();
  }

  @Override
  public UUID uuid() {
    return uuid;
  }

  @Override
  public DomainJob job() {
    return new SimulatedJob(this);
  }

  private <T> T look(String what, Function<Optional<Guest>, T> work) {
    return connection.call(
        what,
        () -> {
          Optional<Guest> guest = host().guest(uuid);
          if (guest.isEmpty() && !host().defines(uuid)) {
            throw LibvirtException.reported(
                ErrorCode.NO_DOMAIN, "Domain not found: no domain with matching uuid " + uuid);
          }
          return work.apply(guest);
        });
  }

  <T> T active(String what, Function<Guest, T> work) {
    return look(
        what,
        guest ->
            work.apply(
                guest.orElseThrow(() ->
                    LibvirtException.reported(
                        ErrorCode.OPERATION_INVALID,
                        "Requested operation is not valid: domain is not running"))));
  }

  /** A change that a job of the guest lets in, or does not. */
  private void change(String what, boolean duringCopy, Function<Guest, Boolean> work) {
    boolean busy =
        active(
            what, guest -> guest.job == Job.INCOMING || (guest.job == Job.OUTGOING && !duringCopy));
    if (busy) {
      connection.rest(what, JOB_WAIT);
      throw LibvirtException.reported(
          ErrorCode.OPERATION_TIMEOUT,
          "Timed out during operation: cannot acquire state change lock");
    }
    active(what, work);
  }

  @Override
  public boolean exists() {
    return connection.call("exists", () -> host().guest(uuid).isPresent() || host().defines(uuid));
  }

  @Override
  public String name() {
    return look("name", guest -> xml(guest).name());
  }

  private DomainXml xml(Optional<Guest> guest) {
    return guest.map(it -> it.xml).orElseGet(() -> host().definition(uuid).xml());
  }

  @Override
  public OptionalInt id() {
    return look(
        "id", guest -> guest.map(it -> OptionalInt.of(it.id)).orElseGet(OptionalInt::empty));
  }

  @Override
  public DomainStateReason state() {
    return look("state", guest -> guest.map(SimulatedDomain::state).orElseGet(this::off));
  }

  private static DomainStateReason state(Guest guest) {
    return new DomainStateReason(guest.state, guest.reason, guest.reason.code());
  }

  private DomainStateReason off() {
    StateReason why = host().ends.getOrDefault(uuid, StateReason.SHUTOFF_UNSPECIFIED);
    return new DomainStateReason(DomainState.SHUTOFF, why, why.code());
  }

  @Override
  public boolean isActive() {
    return look("active", Optional::isPresent);
  }

  @Override
  public boolean isPersistent() {
    return look("persistent", guest -> host().defines(uuid));
  }

  @Override
  public boolean autostart() {
    return look("autostart", guest -> host().autostarts(uuid));
  }

  @Override
  public void setAutostart(boolean wanted) {
    look(
        "set autostart",
        guest -> {
          SimulatedHost.Definition known = host().definitions.get(uuid);
          if (known == null) {
            throw LibvirtException.reported(
                ErrorCode.OPERATION_INVALID, "cannot set autostart for transient domain");
          }
          host().definitions.put(uuid, known.autostart(wanted));
          return true;
        });
  }

  @Override
  public String xml(DomainXmlFlag... flags) {
    boolean next = List.of(flags).contains(DomainXmlFlag.INACTIVE);
    return look(
        "xml",
        guest ->
            (next && host().defines(uuid) ? host().definition(uuid).xml() : xml(guest)).text());
  }

  @Override
  public void start(CreateFlag... flags) {
    look(
        "start",
        guest -> {
          if (guest.isPresent()) {
            throw LibvirtException.reported(
                ErrorCode.OPERATION_INVALID, "domain is already running");
          }
          connection
              .daemon()
              .start(host().definition(uuid), List.of(flags).contains(CreateFlag.PAUSED));
          return true;
        });
  }

  @Override
  public void suspend() {
    change(
        "suspend",
        true,
        guest -> {
          if (guest.state != DomainState.PAUSED) {
            host()
                .pause(
                    guest,
                    guest.job == Job.OUTGOING
                        ? StateReason.PAUSED_MIGRATION
                        : StateReason.PAUSED_USER);
            connection.daemon().emit(guest, LifecycleDetail.SUSPENDED_PAUSED);
          }
          return true;
        });
  }

  @Override
  public void resume() {
    change(
        "resume",
        false,
        guest -> {
          if (!host().resume(guest)) {
            throw LibvirtException.reported(
                ErrorCode.INTERNAL_ERROR, "Failed to get \"write\" lock");
          }
          return true;
        });
  }

  @Override
  public void shutdown() {
    change(
        "shut down",
        false,
        guest -> {
          host().ground().timeline().after(Duration.ofMillis(300), () -> host().shutDown(uuid));
          return true;
        });
  }

  @Override
  public void reboot() {
    change("reboot", false, guest -> true);
  }

  @Override
  public void reset() {
    change("reset", false, guest -> true);
  }

  @Override
  public void destroy() {
    active(
        "destroy",
        guest -> {
          connection.daemon().destroy(guest);
          return true;
        });
  }

  @Override
  public boolean destroyIf(int id, Set<DomainState> states) {
    boolean due = active("destroy", guest -> guest.id == id && states.contains(guest.state));
    if (due) {
      // libvirt knows no such call: what was seen may be no more.
      connection.rest("destroy", host().between(100, 2000));
      destroy();
      // And it is gone before its caller hears of that.
      connection.rest("destroy", host().between(100, 2000));
    }
    return due;
  }

  @Override
  public void undefine(UndefineFlag... flags) {
    look(
        "undefine",
        guest -> {
          if (!host().defines(uuid)) {
            throw LibvirtException.reported(
                ErrorCode.OPERATION_INVALID, "cannot undefine transient domain");
          }
          connection.daemon().undefine(uuid);
          return true;
        });
  }

  @Override
  public boolean hasManagedSave() {
    return look("managed save", guest -> false);
  }

  @Override
  public int snapshotCount() {
    return look("snapshots", guest -> 0);
  }

  @Override
  public void setMetadata(String prefix, String uri, String element, boolean live) {
    metadata("set metadata", live, xml -> xml.withMetadata(prefix, uri, element));
  }

  @Override
  public void removeMetadata(String uri, boolean live) {
    metadata("remove metadata", live, xml -> xml.withoutMetadata(uri));
  }

  private void metadata(String what, boolean live, UnaryOperator<DomainXml> change) {
    look(
        what,
        guest -> {
          if (host().defines(uuid)) {
            SimulatedHost.Definition known = host().definition(uuid);
            host()
                .definitions
                .put(
                    uuid,
                    new SimulatedHost.Definition(change.apply(known.xml()), known.autostart()));
          }
          guest.filter(it -> live).ifPresent(it -> it.xml = change.apply(it.xml));
          return true;
        });
  }

  @Override
  public Optional<String> metadata(String uri) {
    throw new UnsupportedOperationException("metadata is not simulated");
  }

  @Override
  public TypedParameters stats(Collection<StatsGroup> groups) {
    return look("statistics", guest -> new TypedParameters(Map.of()));
  }

  @Override
  public BlockInfo blockInfo(String disk) {
    throw new UnsupportedOperationException("blockInfo is not simulated");
  }

  @Override
  public Optional<BlockJobInfo> blockJob(String disk) {
    return look("block job", guest -> Optional.empty());
  }

  @Override
  public void startDirtyRate(Duration period) {
    throw new UnsupportedOperationException("startDirtyRate is not simulated");
  }

  @Override
  public DirtyRate dirtyRate() {
    throw new UnsupportedOperationException("dirtyRate is not simulated");
  }
}
