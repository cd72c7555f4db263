package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/** A domain, through the C library. */
final class NativeDomain implements Domain {
  private static final int METADATA_ELEMENT = 2;
  private static final long STATS_RECORD_BYTES = 24;

  private final NativeConnection connection;
  private final UUID uuid;

  NativeDomain(NativeConnection connection, UUID uuid) {
    this.connection = connection;
    this.uuid = uuid;
  }

  @Override
  public UUID uuid() {
    return uuid;
  }

  @Override
  public DomainJob job() {
    return new NativeDomainJob(this);
  }

  @Override
  public boolean exists() {
    try {
      isActive();
      return true;
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public String name() {
    return lookedUpNow(
        "get the name",
        (call, domain) -> Memory.borrowed(call.c().virDomainGetName(domain)).orElse(""));
  }

  @Override
  public OptionalInt id() {
    return lookedUpNow(
        "get the id",
        (call, domain) -> {
          int id = call.c().virDomainGetID(domain);
          return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
        });
  }

  @Override
  public DomainStateReason state() {
    return call("get the state", NativeDomain::state);
  }

  private static DomainStateReason state(Call call, MemorySegment domain) {
    MemorySegment state = call.arena().allocate(JAVA_INT);
    MemorySegment reason = call.arena().allocate(JAVA_INT);
    call.check(call.c().virDomainGetState(domain, state, reason, 0));
    return DomainStateReason.of(state.get(JAVA_INT, 0), reason.get(JAVA_INT, 0));
  }

  @Override
  public boolean isActive() {
    return call(
        "ask whether it is active", (call, d) -> call.check(call.c().virDomainIsActive(d)) == 1);
  }

  @Override
  public boolean isPersistent() {
    return call(
        "ask whether it is defined",
        (call, d) -> call.check(call.c().virDomainIsPersistent(d)) == 1);
  }

  @Override
  public boolean autostart() {
    return call(
        "get autostart",
        (call, domain) -> {
          MemorySegment value = call.arena().allocate(JAVA_INT);
          call.check(call.c().virDomainGetAutostart(domain, value));
          return value.get(JAVA_INT, 0) != 0;
        });
  }

  @Override
  public void setAutostart(boolean wanted) {
    act("set autostart", (call, domain) -> call.c().virDomainSetAutostart(domain, wanted ? 1 : 0));
  }

  @Override
  public String xml(DomainXmlFlag... flags) {
    return call(
        "get the XML",
        (call, domain) ->
            Memory.owned(
                call.check(call.c().virDomainGetXMLDesc(domain, Flag.bits(List.of(flags))))));
  }

  @Override
  public void start(CreateFlag... flags) {
    act(
        "start",
        (call, domain) -> call.c().virDomainCreateWithFlags(domain, Flag.bits(List.of(flags))));
  }

  @Override
  public void suspend() {
    act("suspend", (call, domain) -> call.c().virDomainSuspend(domain));
  }

  @Override
  public void resume() {
    act("resume", (call, domain) -> call.c().virDomainResume(domain));
  }

  @Override
  public void shutdown() {
    act("shut down", (call, domain) -> call.c().virDomainShutdownFlags(domain, 0));
  }

  @Override
  public void reboot() {
    act("reboot", (call, domain) -> call.c().virDomainReboot(domain, 0));
  }

  @Override
  public void reset() {
    act("reset", (call, domain) -> call.c().virDomainReset(domain, 0));
  }

  @Override
  public void destroy() {
    act("destroy", (call, domain) -> call.c().virDomainDestroyFlags(domain, 0));
  }

  @Override
  public boolean destroyIf(int id, Set<DomainState> states) {
    return lookedUpNow(
        "destroy",
        (call, domain) -> {
          DomainState now = state(call, domain).state();
          if (call.c().virDomainGetID(domain) != id || !states.contains(now)) {
            return false;
          }
          call.check(call.c().virDomainDestroyFlags(domain, 0));
          return true;
        });
  }

  @Override
  public void undefine(UndefineFlag... flags) {
    act(
        "undefine",
        (call, domain) -> call.c().virDomainUndefineFlags(domain, Flag.bits(List.of(flags))));
  }

  @Override
  public boolean hasManagedSave() {
    return call(
        "ask for a managed save image",
        (call, domain) -> call.check(call.c().virDomainHasManagedSaveImage(domain, 0)) == 1);
  }

  @Override
  public int snapshotCount() {
    return call(
        "count snapshots", (call, domain) -> call.check(call.c().virDomainSnapshotNum(domain, 0)));
  }

  @Override
  public void setMetadata(String prefix, String uri, String element, boolean live) {
    act(
        "set metadata",
        (call, domain) ->
            call.c()
                .virDomainSetMetadata(
                    domain,
                    METADATA_ELEMENT,
                    call.text(element),
                    call.text(prefix),
                    call.text(uri),
                    live ? 3 : 2));
  }

  @Override
  public void removeMetadata(String uri, boolean live) {
    act(
        "remove metadata",
        (call, domain) ->
            call.c()
                .virDomainSetMetadata(
                    domain,
                    METADATA_ELEMENT,
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    call.text(uri),
                    live ? 3 : 2));
  }

  @Override
  public Optional<String> metadata(String uri) {
    try {
      return Optional.of(
          call(
              "get metadata",
              (call, domain) ->
                  Memory.owned(
                      call.check(
                          call.c()
                              .virDomainGetMetadata(
                                  domain, METADATA_ELEMENT, call.text(uri), 0)))));
    } catch (LibvirtException e) {
      if (e.errorCode() == ErrorCode.NO_DOMAIN_METADATA) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public TypedParameters stats(Collection<StatsGroup> groups) {
    // libvirt answers a list of none for a domain that it does not find.
    return lookedUpNow(
        "get statistics",
        (call, domain) -> {
          MemorySegment list = call.arena().allocate(ADDRESS, 2);
          list.setAtIndex(ADDRESS, 0, domain);
          MemorySegment cell = call.arena().allocate(ADDRESS);
          int count = call.check(call.c().virDomainListGetStats(list, Flag.bits(groups), cell, 0));
          MemorySegment records = Memory.follow(cell);
          try {
            return firstRecord(call, records, count);
          } finally {
            call.c().virDomainStatsRecordListFree(records);
          }
        });
  }

  private static TypedParameters firstRecord(Call call, MemorySegment records, int count) {
    if (count < 1) {
      return new TypedParameters(Map.of());
    }
    MemorySegment record =
        records.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0).reinterpret(STATS_RECORD_BYTES);
    return TypedParams.read(call.c(), record.get(ADDRESS, 8), record.get(JAVA_INT, 16));
  }

  @Override
  public BlockInfo blockInfo(String disk) {
    return call(
        "get block info",
        (call, domain) -> {
          MemorySegment info = call.arena().allocate(Structs.BLOCK_INFO_BYTES, 8);
          call.check(call.c().virDomainGetBlockInfo(domain, call.text(disk), info, 0));
          return Structs.blockInfo(info);
        });
  }

  @Override
  public Optional<BlockJobInfo> blockJob(String disk) {
    return call(
        "get a block job",
        (call, domain) -> {
          MemorySegment info = call.arena().allocate(Structs.BLOCK_JOB_INFO_BYTES, 8);
          int found =
              call.check(call.c().virDomainGetBlockJobInfo(domain, call.text(disk), info, 0));
          return found == 0 ? Optional.empty() : Optional.of(Structs.blockJobInfo(info));
        });
  }

  @Override
  public void startDirtyRate(Duration period) {
    int seconds = Math.toIntExact(Math.clamp(period.toSeconds(), 0, 61));
    if (seconds < 1 || seconds > 60 || !period.equals(Duration.ofSeconds(seconds))) {
      throw new IllegalArgumentException(
          "a dirty rate is measured for 1 to 60 whole seconds, found " + period);
    }
    act(
        "start measuring the dirty rate",
        (call, domain) -> call.c().virDomainStartDirtyRateCalc(domain, seconds, 0));
  }

  @Override
  public DirtyRate dirtyRate() {
    TypedParameters stats = stats(List.of(StatsGroup.DIRTY_RATE));
    return new DirtyRate(
        DirtyRateStatus.of((int) stats.whole("dirtyrate.calc_status").orElse(0)),
        Duration.ofSeconds(stats.whole("dirtyrate.calc_period").orElse(0)),
        stats.whole("dirtyrate.megabytes_per_second"));
  }

  /** Work on the domain's pointer. */
  interface Work<T> {
    T run(Call call, MemorySegment domain);
  }

  <T> T call(String what, Work<T> work) {
    return call(what, connection.options().callDeadline(), work);
  }

  <T> T call(String what, Duration deadline, Work<T> work) {
    return connection.call(
        what + " of " + uuid, deadline, call -> work.run(call, call.domain(uuid)));
  }

  /** For what libvirt reads from the pointer itself. */
  private <T> T lookedUpNow(String what, Work<T> work) {
    return connection.call(
        what + " of " + uuid,
        call -> {
          call.lookUpAnew();
          return work.run(call, call.domain(uuid));
        });
  }

  void act(String what, Work<Integer> work) {
    call(what, (call, domain) -> call.check(work.run(call, domain)));
  }
}
