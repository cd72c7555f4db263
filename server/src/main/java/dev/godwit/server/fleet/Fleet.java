package dev.godwit.server.fleet;

import dev.godwit.core.migration.plan.HostFacts;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Resources;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.Fence;
import dev.godwit.server.store.HostRow;
import dev.godwit.server.store.HostRows;
import dev.godwit.server.store.Instance;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The hosts as the server knows them: what they announced, and how lately. */
public final class Fleet {
  /** A host is up as long as it was heard within this time. */
  static final Duration HEARD_WITHIN = Duration.ofSeconds(6);

  /** Within this time every living host announced itself again. */
  public static final Duration HEARD_AGAIN = Duration.ofSeconds(3);

  private final HostRows rows;
  private final AllocationRatios ratios;
  private final Clock clock;
  private final Instant listeningSince;

  /** When this server itself heard a host last, by its own clock: the record has others' times. */
  private final Map<HostName, Heard> heard = new ConcurrentHashMap<>();

  private final Map<HostName, ReentrantLock> oneAtATime = new ConcurrentHashMap<>();

  private record Heard(String identity, Instant at) {}

  /** The hosts of the record, of which none was heard yet. */
  public Fleet(HostRows rows, AllocationRatios ratios, Clock clock) {
    this.rows = rows;
    this.ratios = ratios;
    this.clock = clock;
    this.listeningSince = clock.instant();
  }

  /**
   * A host and what it is fit for now.
   *
   * @param room all that may be taken there
   * @param free what of it nobody has taken
   * @param claimedBytes what moves have yet to write there, by file system
   */
  public record Member(
      HostRow row, boolean up, Resources room, Resources free, Map<String, Long> claimedBytes) {
    public Member {
      claimedBytes = Map.copyOf(claimedBytes);
    }

    /** Its name. */
    public HostName name() {
      return row.name();
    }

    /** As the pre-checks want it. */
    public HostFacts facts() {
      return new HostFacts(
          row.name(), up, !row.disabled(), row.disabledReason().orElse(""), free, claimedBytes);
    }

    /** True when its libvirt holds this guest, running or paused. */
    boolean hasLive(InstanceId id) {
      return row.inventory().guests().stream()
          .filter(guest -> guest.id().equals(id))
          .anyMatch(guest ->
              switch (guest.powerState()) {
                case RUNNING, PAUSED, SUSPENDED -> true;
                case SHUTDOWN, CRASHED, NOSTATE -> false;
              });
    }

    /** True when new guests may come. */
    public boolean takesGuests() {
      return up && !row.disabled();
    }
  }

  /**
   * Takes an announcement in; refuses that of another machine under a known name. A new machine may
   * take a name over once the old one is silent and nothing is recorded there.
   */
  public Optional<Refusal> announced(HostInventory inventory) {
    ReentrantLock turn = oneAtATime.computeIfAbsent(inventory.host(), _ -> new ReentrantLock());
    turn.lock();
    try {
      return recorded(inventory);
    } catch (DatabaseTrouble e) {
      return heardOnly(inventory, e);
    } finally {
      turn.unlock();
    }
  }

  /** The database is away, and the hosts are not: the machine that was taken in is there. */
  private Optional<Refusal> heardOnly(HostInventory inventory, DatabaseTrouble trouble) {
    Heard last = heard.get(inventory.host());
    if (last != null && last.identity.equals(inventory.identity())) {
      heard.put(inventory.host(), new Heard(inventory.identity(), clock.instant()));
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            "database",
            inventory.host().value(),
            "a database that takes the announcement in",
            "" + trouble.getMessage(),
            "Nothing here: it is announced again each second."));
  }

  private Optional<Refusal> recorded(HostInventory inventory) {
    Optional<Refusal> refusal =
        rows.announced(inventory, row -> isAnother(row.inventory(), inventory), clock.instant())
            .flatMap(row -> tookOver(row, inventory));
    if (refusal.isEmpty()) {
      heard.put(inventory.host(), new Heard(inventory.identity(), clock.instant()));
    }
    return refusal;
  }

  /** Empty when the new machine has the name now. */
  private Optional<Refusal> tookOver(HostRow row, HostInventory inventory) {
    Optional<Refusal> refusal = otherMachine(row, inventory);
    return refusal.isPresent()
        ? refusal
        : rows.announced(inventory, now -> !now.equals(row), clock.instant())
            .map(now -> taken(now, inventory));
  }

  private static boolean isAnother(HostInventory known, HostInventory now) {
    return !known.identity().isEmpty() && !known.identity().equals(now.identity());
  }

  private Optional<Refusal> otherMachine(HostRow row, HostInventory now) {
    if (heardLately(row)) {
      return Optional.of(taken(row, now));
    }
    // libvirt makes a new UUID at each start where firmware and configuration have none.
    boolean sameAgent = agent(row.inventory()).equals(agent(now));
    return rows.inUse(row.name()) && !sameAgent
        ? Optional.of(
            new Refusal(
                "host-replaced",
                row.name().value(),
                "%s, for guests or migrations are recorded there"
                    .formatted(machine(row.inventory())),
                machine(now),
                "If it is the same machine, restore the file identity in the agent's state directory (what follows the last /) and host_uuid of libvirtd.conf (what stands before it); if not, give it another agent.host."))
        : Optional.empty();
  }

  private static Refusal taken(HostRow row, HostInventory now) {
    return new Refusal(
        "host-name-taken",
        row.name().value(),
        "one machine of this name, %s, which is up".formatted(machine(row.inventory())),
        machine(now),
        "Give one of them another agent.host; if both are one, stop its second agent.");
  }

  /** The part of an identity that the agent's state directory holds. */
  private static String agent(HostInventory host) {
    return host.identity().substring(host.identity().lastIndexOf('/') + 1);
  }

  private static String machine(HostInventory host) {
    return "machine %s at %s".formatted(host.identity(), host.agentTarget());
  }

  /**
   * True when this host's silence means something: it was heard since this server began to listen,
   * or had the time to be.
   */
  public boolean mayJudge(HostName host) {
    return heard.containsKey(host)
        || Duration.between(listeningSince, clock.instant()).compareTo(HEARD_WITHIN) > 0;
  }

  /** True when every known host's silence means something. */
  public boolean mayJudgeAll() {
    return rows.names().stream().allMatch(this::mayJudge);
  }

  /** All hosts that ever announced themselves, but for those whose rows cannot be read. */
  public List<Member> members() {
    Map<HostName, Resources> taken = rows.taken();
    Map<HostName, Map<String, Long>> claimed = rows.claimedBytes();
    return rows.all().stream()
        .map(row ->
            member(
                row,
                taken.getOrDefault(row.name(), Resources.NONE),
                claimed.getOrDefault(row.name(), Map.of())))
        .toList();
  }

  /**
   * Every host announces itself to every server: what another server heard says nothing of the way
   * from here, and its clock may be another one. Only until it had the time to is the record's word
   * taken.
   */
  private boolean heardLately(HostRow row) {
    Heard own = heard.get(row.name());
    if (own == null && mayJudge(row.name())) {
      return false;
    }
    Instant last = own == null ? row.seenAt() : own.at;
    // Heard in the future, it was heard before this clock was set back.
    return Duration.between(last, clock.instant()).abs().compareTo(HEARD_WITHIN) <= 0;
  }

  private Member member(HostRow row, Resources taken, Map<String, Long> claimedBytes) {
    Resources room = ratios.of(row.inventory());
    return new Member(
        row,
        heardLately(row) && !row.forcedDown() && row.fence().isEmpty(),
        room,
        room.minus(taken),
        claimedBytes);
  }

  /**
   * Where somebody moved an instance behind Godwit's back: another host has it live, or had when it
   * was last heard, while its own, which is heard, has not. A record that just changed is left
   * alone until all were heard again; what was told before that change says nothing of it.
   */
  public Optional<HostName> runsElsewhere(Instance instance) {
    if (!settled(instance) || instance.host().isEmpty()) {
      return Optional.empty();
    }
    HostName home = instance.scheduledHost();
    List<Member> all = members();
    boolean goneFromHome =
        all.stream()
            .filter(member -> member.up() && member.name().equals(home))
            .anyMatch(member -> !member.hasLive(instance.id()));
    return goneFromHome
        ? all.stream()
            .filter(member -> !member.name().equals(home) && member.hasLive(instance.id()))
            .filter(member -> member.row().seenAt().isAfter(instance.updatedAt()))
            .map(Member::name)
            .findFirst()
        : Optional.empty();
  }

  private boolean settled(Instance instance) {
    Duration since = Duration.between(instance.updatedAt(), clock.instant());
    return since.compareTo(HEARD_AGAIN) > 0
        || since.negated().compareTo(Instance.CLOCK_SET_BACK) > 0;
  }

  /** One of them. */
  public Optional<Member> find(HostName name) {
    return rows.find(name)
        .map(
            row -> member(row, rows.taken(name), rows.claimedBytes().getOrDefault(name, Map.of())));
  }

  /** The one of that name, whatever somebody wrote for it. */
  public Optional<Member> named(String name) {
    try {
      return find(new HostName(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Where a host last said that it is reached. */
  public Optional<String> address(HostName name) {
    return rows.find(name).map(row -> row.inventory().address());
  }

  /** A host for a new instance: of those that are wanted, the one with the most free memory. */
  public Optional<Member> hostFor(Predicate<Member> wanted, Resources resources) {
    return members().stream()
        .filter(Member::takesGuests)
        .filter(member -> member.free().covers(resources))
        .filter(wanted)
        .max(Comparator.comparingLong(member -> member.free().memoryMib()));
  }

  /** Enables or disables; false when there is no such host. */
  public boolean setEnabled(HostName host, boolean enabled, Optional<String> reason) {
    return rows.setEnabled(host, enabled, reason);
  }

  /**
   * Records somebody's word that a host is dead for certain: it is not asked any more, and what
   * waits for it goes on without it, until it announces itself.
   *
   * @return false when it was heard lately, by whichever server, or there is no such host
   */
  public boolean fence(HostName host, Fence fence) {
    boolean silent = rows.find(host).filter(row -> !heardLately(row)).isPresent();
    return silent && rows.fence(host, fence, clock.instant(), HEARD_WITHIN);
  }

  /** The hosts that are known dead. */
  public Map<HostName, Fence> fenced() {
    return rows.fenced();
  }

  /** An operator's word that it is down; false when there is no such host. */
  public boolean setForcedDown(HostName host, boolean down) {
    return rows.setForcedDown(host, down);
  }
}
