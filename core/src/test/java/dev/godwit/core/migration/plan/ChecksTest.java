package dev.godwit.core.migration.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import dev.godwit.core.migration.plan.DestinationFacts.Room;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every pre-check: passed by a guest that may go, refused by one changed fact, in one sentence. */
class ChecksTest {
  private static final HostName SOURCE = new HostName("host-a");
  private static final HostName DESTINATION = new HostName("host-b");
  private static final Resources WANTED = new Resources(256, 2);

  private record Refused(String sentence, Consumer<Facts> change, Optional<Boolean> copyDisks) {
    Refused(String sentence, Consumer<Facts> change) {
      this(sentence, change, Optional.empty());
    }

    String code() {
      return sentence.substring(0, sentence.indexOf(':'));
    }
  }

  private static Stream<Refused> ofGuest() {
    return Stream.of(
        new Refused(
            "guest-state: web-1: expected a guest that runs or was paused by its owner, found SHUTDOWN. Start the guest, or move its definition and disks while it is off.",
            it -> it.powerState = PowerState.SHUTDOWN),
        new Refused(
            "guest-state: web-1: expected a guest that runs or was paused by its owner, found PAUSED, not by its owner. Find out why (an I/O error, a move that broke), resume it, then migrate again.",
            it -> it.powerState = PowerState.PAUSED),
        new Refused(
            "devices: web-1: expected only devices that libvirt can move, found hostdev pci, a lease. Detach these devices, then migrate again.",
            it -> it.immovable = List.of("hostdev pci", "a lease")),
        new Refused(
            "guest-busy: web-1: expected no block job, snapshot or other job, found a block job on vda. Wait until it is over, then migrate again.",
            it -> it.busy = Optional.of("a block job on vda")),
        new Refused(
            "managed-save: web-1: expected no managed save image, found one. Remove it with virsh managedsave-remove.",
            it -> it.managedSave = true),
        new Refused(
            "disk-kind: vda: expected a disk in a file, or a read-only one on a block device or a network, found network /guests/1/vda. Godwit does not move disks of this kind yet.",
            it -> it.kind = "network"));
  }

  private static Stream<Refused> ofDestination() {
    return Stream.of(
        new Refused(
            "hypervisor-type: host-b: expected kvm, found qemu. Choose a host with the same kind of virtualization.",
            it -> it.virtTypes = List.of("qemu")),
        new Refused(
            "hypervisor-version: host-b: expected at least 7.2.0, found 7.1.9. Upgrade QEMU there first.",
            it -> it.version = 7_001_009),
        new Refused(
            "machine-type: host-b: expected pc-q35-7.2, found not known there. Choose a host whose QEMU knows this machine type.",
            it -> it.machineSupported = false),
        new Refused(
            "cpu: host-b: expected the running guest's CPU, found missing avx2. Choose a host with these features, or give the guest a lesser CPU model.",
            it -> {
              it.cpu = CpuVerdict.INCOMPATIBLE;
              it.cpuDetail = "missing avx2";
            }),
        new Refused(
            "bridges: host-b: expected br0, found missing br0. Make these bridges on the host.",
            it -> it.missingBridges = List.of("br0")),
        new Refused(
            "transport: host-b: expected QEMU's native TLS, or plain transport permitted by the configuration, found neither. Install QEMU's certificates in /etc/pki/qemu there, ones that are valid now, and set live_migration_with_native_tls; or permit plain text.",
            it -> it.nativeTls = false),
        new Refused(
            "name-free: host-b: expected no domain with the guest's name or UUID, found domain 7 has the name web-1. Find out whose domain that is; Godwit does not touch it.",
            it -> it.domainInTheWay = Optional.of("domain 7 has the name web-1")),
        new Refused(
            "backing-files: host-b: expected the same backing files, kernel and firmware, found missing /images/base. Copy these files to the host first.",
            it -> it.missingBackingFiles = List.of("/images/base")),
        new Refused(
            "path-free: host-b: expected nothing where the disks go, found /guests/1/vda (a file that is not ours). Find out whose files these are; Godwit does not touch them.",
            it -> it.inTheWay = List.of("/guests/1/vda (a file that is not ours)")),
        new Refused(
            "free-memory: host-b: expected 256 MiB free, found 255 MiB. Choose a host with more memory.",
            it -> it.freeMemoryMib = 255),
        new Refused(
            "disk-room: host-b vda: expected room for 4096 bytes at /guests/1/vda, found 4095 bytes. Make room on that file system.",
            it -> it.room = 4095));
  }

  private static Stream<Refused> ofStorage() {
    return Stream.of(
        new Refused(
            "storage: vda: expected a disk of the host's own (block_migration is true), found shared with host-b. Ask with block_migration \"auto\".",
            it -> it.sharedPaths = List.of(Facts.DISK),
            Optional.of(true)),
        new Refused(
            "storage: vda: expected a disk that both hosts share (block_migration is false), found not shared with host-b. Ask with block_migration \"auto\".",
            it -> it.room = 4096,
            Optional.of(false)),
        new Refused(
            "storage: vda: expected the same read-only /guests/1/vda on both hosts, found at host-b it has another content. Copy it to the same path there, put it in a shared directory, or eject it from the guest.",
            it -> {
              it.writable = false;
              it.readOnlyTrouble = Map.of(Facts.DISK, "it has another content");
            }),
        new Refused(
            "storage: vda: expected the same read-only /guests/1/vda on both hosts, found at host-b it is missing. Copy it to the same path there, put it in a shared directory, or eject it from the guest.",
            it -> {
              it.kind = "block";
              it.writable = false;
              it.readOnlyTrouble = Map.of(Facts.DISK, "it is missing");
            }),
        new Refused(
            "storage: vda: expected a shareable disk that both hosts share, found not shared with host-b. Put the image in a shared directory, or take the disk from the guest.",
            it -> it.shareable = true));
  }

  private static List<CheckResult> results(Facts facts, Optional<Boolean> copyDisks) {
    MigrationRequest request = new MigrationRequest(Optional.empty(), copyDisks, Optional.empty());
    HostFacts host = new HostFacts(DESTINATION, true, true, "", WANTED, facts.claimedBytes);
    return Stream.concat(
            Checks.ofGuest(facts.guest()).stream(),
            Checks.ofDestination(host, facts.guest(), facts.destination(), request).stream())
        .toList();
  }

  private static List<Refusal> refusals(List<CheckResult> results) {
    return results.stream().filter(it -> !it.passed()).map(CheckResult::detail).toList();
  }

  @TestFactory
  Stream<DynamicTest> one_changed_fact_is_one_refusal() {
    return Stream.of(ofGuest(), ofDestination(), ofStorage())
        .flatMap(it -> it)
        .map(refused ->
            dynamicTest(
                refused.sentence,
                () -> {
                  Facts facts = new Facts();
                  refused.change.accept(facts);
                  List<CheckResult> results = results(facts, refused.copyDisks);

                  assertThat(refusals(results))
                      .extracting(Refusal::sentence)
                      .containsExactly(refused.sentence);
                  assertThat(Planner.passed(results)).isFalse();
                }));
  }

  @Test
  void a_guest_that_may_go_passes_every_check_that_can_refuse() {
    List<CheckResult> results = results(new Facts(), Optional.empty());

    assertThat(refusals(results)).isEmpty();
    assertThat(Planner.passed(results)).isTrue();
    Set<String> refusing =
        Stream.of(ofGuest(), ofDestination(), ofStorage())
            .flatMap(it -> it)
            .map(Refused::code)
            .collect(Collectors.toSet());
    // What only tells the operator why, and refuses nothing.
    refusing.add("cross-host-lock");
    assertThat(results.stream().map(it -> it.detail().code()).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(refusing);
  }

  @Test
  void a_guest_that_its_owner_paused_may_go() {
    Facts facts = new Facts();
    facts.powerState = PowerState.PAUSED;
    facts.pausedByOwner = true;

    assertThat(refusals(results(facts, Optional.empty()))).isEmpty();
  }

  @Test
  void an_emulated_guest_in_a_qemu_that_may_lose_writes_may_go_with_a_warning() {
    List<CheckResult> results = results(emulated(8_002_009), Optional.empty());

    assertThat(Planner.passed(results)).isTrue();
    assertThat(results)
        .filteredOn(it -> it.outcome() == CheckResult.Outcome.WARNED)
        .singleElement()
        .satisfies(it ->
            assertThat(it.detail().sentence())
                .startsWith(
                    "emulated-memory: web-1: expected KVM, or QEMU 9.0 or later, found an emulated guest in QEMU 8.2.9"));
  }

  @Test
  void an_emulated_guest_in_a_qemu_that_loses_nothing_is_not_warned_of() {
    assertThat(results(emulated(9_000_000), Optional.empty()))
        .extracting(CheckResult::outcome)
        .containsOnly(CheckResult.Outcome.PASSED);
  }

  @Test
  void an_emulated_guest_of_uneven_memory_is_not_warned_of() {
    Facts facts = emulated(8_002_009);
    facts.unevenMemory = true;

    assertThat(results(facts, Optional.empty()))
        .extracting(CheckResult::outcome)
        .containsOnly(CheckResult.Outcome.PASSED);
  }

  private static Facts emulated(long qemu) {
    Facts facts = new Facts();
    facts.virtType = "qemu";
    facts.sourceVersion = qemu;
    facts.version = qemu;
    return facts;
  }

  @Test
  void a_cpu_that_libvirt_cannot_compare_is_left_to_the_move_itself() {
    Facts facts = new Facts();
    facts.cpu = CpuVerdict.NOT_COMPARABLE;

    assertThat(refusals(results(facts, Optional.empty()))).isEmpty();
  }

  @Test
  void plain_transport_is_enough_when_it_is_permitted() {
    Facts facts = new Facts();
    facts.nativeTls = false;
    facts.plainPermitted = true;

    assertThat(refusals(results(facts, Optional.empty()))).isEmpty();
  }

  @Test
  void a_shared_disk_tells_whether_a_lock_guards_it_and_what_that_means() {
    Facts facts = new Facts();
    facts.sharedPaths = List.of(Facts.DISK);

    assertThat(lock(facts)).isEqualTo("not proven; the hand-over is strict");
    facts.lockProven = true;
    assertThat(lock(facts)).isEqualTo("proven: QEMU's lock on its disks; the hand-over is fast");
  }

  @Test
  void a_copied_disk_tells_whether_libvirts_lease_guards_it() {
    Facts facts = new Facts();
    assertThat(lock(facts)).startsWith("none proven; a second copy");
    facts.held = new DiskLeases(Optional.of("lockd"), Map.of(Facts.DISK, "/leases/1"));
    facts.refused = facts.held;
    assertThat(lock(facts))
        .isEqualTo("proven: libvirt's leases of its disks, tried from both hosts");
    facts.sharedPaths = List.of(Facts.DISK);
    assertThat(lock(facts)).endsWith("tried from both hosts; the hand-over is fast");
  }

  @Test
  void a_host_with_another_lock_manager_is_told_of_and_may_take_the_guest() {
    Facts facts = new Facts();
    facts.held = new DiskLeases(Optional.of("lockd"), Map.of(Facts.DISK, "/leases/1"));
    facts.refused = new DiskLeases(Optional.of("nop"), Map.of(Facts.DISK, "/leases/1"));

    List<CheckResult> results = results(facts, Optional.empty());

    assertThat(refusals(results)).isEmpty();
    assertThat(results)
        .filteredOn(it -> it.detail().code().equals("lock-manager"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.outcome()).isEqualTo(CheckResult.Outcome.WARNED);
          assertThat(it.detail().found()).isEqualTo("nop");
        });
    facts.refused = DiskLeases.UNKNOWN;
    assertThat(results(facts, Optional.empty()))
        .noneMatch(it -> it.detail().code().equals("lock-manager"));
  }

  private static String lock(Facts facts) {
    return results(facts, Optional.empty()).stream()
        .map(CheckResult::detail)
        .filter(it -> it.code().equals("cross-host-lock"))
        .findFirst()
        .orElseThrow()
        .found();
  }

  @Test
  void a_shared_disk_needs_no_room() {
    Facts facts = new Facts();
    facts.sharedPaths = List.of(Facts.DISK);
    facts.room = 0;

    assertThat(refusals(results(facts, Optional.of(false)))).isEmpty();
  }

  @Test
  void a_read_only_image_in_a_network_stays_where_it_is_and_is_said_to_be_untried() {
    Facts facts = new Facts();
    facts.kind = "network";
    facts.writable = false;

    List<CheckResult> results = results(facts, Optional.empty());
    assertThat(refusals(results)).isEmpty();
    assertThat(results)
        .filteredOn(it -> it.outcome() == CheckResult.Outcome.WARNED)
        .extracting(it -> it.detail().found())
        .containsExactly("/guests/1/vda, which was not tried from host-b");
  }

  @Test
  void a_read_only_disk_that_is_the_same_on_both_hosts_is_called_present_and_needs_no_room() {
    Facts facts = new Facts();
    facts.kind = "block";
    facts.writable = false;
    facts.room = 0;

    assertThat(results(facts, Optional.empty()))
        .allMatch(CheckResult::passed)
        .filteredOn(it -> it.detail().code().equals("storage"))
        .extracting(it -> it.detail().found())
        .containsExactly("read-only, of the same size and the same samples at both");
  }

  @Test
  void a_disk_that_the_source_would_keep_refuses_the_plan_that_copies_it() {
    Facts facts = new Facts();

    assertThat(departure(facts, Map.of()))
        .extracting(it -> it.detail().found())
        .containsExactly("the instance's own");
    List<CheckResult> results = departure(facts, Map.of("vda", "a symbolic link to /data/vda"));
    assertThat(refusals(results))
        .extracting(Refusal::sentence)
        .containsExactly(
            "disk-owned: vda: expected a file that may be removed from host-a after the move, found /guests/1/vda: a symbolic link to /data/vda. Name the file itself in the guest's definition, then adopt the guest again, so that its disks are marked as its own; or put the disk where both hosts see it.");
    facts.sharedPaths = List.of(Facts.DISK);
    assertThat(departure(facts, Map.of("vda", "a symbolic link to /data/vda"))).isEmpty();
  }

  @Test
  void a_destination_that_the_source_does_not_reach_is_refused_by_address() {
    Facts facts = new Facts();
    facts.sharedPaths = List.of(Facts.DISK);

    assertThat(
            refusals(
                departure(
                    facts,
                    Map.of(),
                    new DepartureFacts.Link(
                        "tcp 10.0.0.2:16514", Optional.of("no answer within 2000 ms")))))
        .extracting(Refusal::sentence)
        .containsExactly(
            "link: host-a to host-b: expected a connection to tcp 10.0.0.2:16514, found no answer within 2000 ms. Mend the network or the firewall between the two hosts; see that libvirtd listens there; compare live_migration_uri and live_migration_inbound_addr of host-b.");
  }

  @Test
  void a_firewall_that_closes_libvirts_port_at_qemus_address_only_warns() {
    Facts facts = new Facts();
    facts.sharedPaths = List.of(Facts.DISK);

    List<CheckResult> results =
        departure(
            facts,
            Map.of(),
            new DepartureFacts.Link("tcp 10.0.0.2:16514", Optional.empty()),
            new DepartureFacts.Link("tcp 10.9.0.2:16514", Optional.of("No route to host")));

    assertThat(refusals(results)).isEmpty();
    assertThat(results)
        .filteredOn(result -> result.detail().code().equals("link"))
        .extracting(CheckResult::outcome)
        .containsExactly(CheckResult.Outcome.PASSED, CheckResult.Outcome.WARNED);
  }

  private static List<CheckResult> departure(
      Facts facts, Map<String, String> kept, DepartureFacts.Link... tried) {
    List<DepartureFacts.Link> links = List.of(tried);
    TransferPlan plan =
        Planner.plan(
            DESTINATION,
            facts.guest(),
            facts.destination(),
            new MigrationRequest(Optional.empty(), Optional.empty(), Optional.empty()),
            MovePolicy.DEFAULT);
    return Checks.ofDeparture(SOURCE, plan, new DepartureFacts(kept, links));
  }

  @Test
  void a_host_that_may_take_it_passes() {
    assertThat(refusals(Checks.ofHost(host(WANTED), SOURCE, WANTED, true))).isEmpty();
  }

  private static HostFacts host(Resources free) {
    return new HostFacts(DESTINATION, true, true, "", free, Map.of());
  }

  @Test
  void what_the_server_knows_of_a_host_is_refused_host_by_host() {
    assertThat(sentences(new HostFacts(SOURCE, true, true, "", WANTED, Map.of()), true))
        .containsExactly(
            "not-itself: host-a: expected another host than the source, found host-a. Name another host, or none to let Godwit choose.");
    assertThat(sentences(host(WANTED), false))
        .containsExactly(
            "source-alive: host-a: expected a source whose agent answers, found silent. Start the agent on the source.");
    assertThat(sentences(new HostFacts(DESTINATION, false, true, "", WANTED, Map.of()), true))
        .containsExactly(
            "destination-alive: host-b: expected a host whose agent answers, found silent. Start the agent on this host, or choose another.");
    assertThat(
            sentences(new HostFacts(DESTINATION, true, false, "new disks", WANTED, Map.of()), true))
        .containsExactly(
            "destination-enabled: host-b: expected an enabled host, found disabled: new disks. Enable the host, or choose another.");
  }

  @Test
  void a_host_that_has_too_little_left_is_refused_for_what_it_lacks() {
    assertThat(sentences(host(new Resources(255, 2)), true))
        .containsExactly(
            "memory: host-b: expected 256 MiB that nobody has claimed, found 255 MiB. Choose a host with more room, or move something away from it.");
    assertThat(sentences(host(new Resources(256, 1)), true))
        .containsExactly(
            "vcpus: host-b: expected 2 vCPUs that nobody has claimed, found 1. Choose a host with more vCPUs left, or move something away from it.");
    assertThat(refusals(Checks.ofHost(host(new Resources(0, -3)), SOURCE, WANTED, true)))
        .extracting(Refusal::code)
        .containsExactly("memory", "vcpus");
  }

  @Test
  void disks_on_one_file_system_want_their_room_together() {
    Facts facts = new Facts();
    facts.secondOn = Optional.of(Facts.FILE_SYSTEM);
    facts.room = 8192;
    assertThat(refusals(results(facts, Optional.empty()))).isEmpty();

    facts.room = 8191;
    assertThat(refusals(results(facts, Optional.empty())))
        .extracting(Refusal::sentence)
        .containsExactly(
            "disk-room: host-b vda, vdb: expected room for 8192 bytes at /guests/1/vda, /guests/1/vdb, found 8191 bytes. Make room on that file system.");

    facts.secondOn = Optional.of("/dev/sdb1 8:17");
    assertThat(refusals(results(facts, Optional.empty()))).isEmpty();
  }

  @Test
  void what_other_moves_have_yet_to_write_is_not_free() {
    Facts facts = new Facts();
    facts.room = 5000;
    facts.claimedBytes = Map.of(Facts.FILE_SYSTEM, 904L, "/dev/sdb1 8:17", 9_000L);
    assertThat(refusals(results(facts, Optional.empty()))).isEmpty();

    facts.claimedBytes = Map.of(Facts.FILE_SYSTEM, 905L);
    assertThat(refusals(results(facts, Optional.empty())))
        .extracting(Refusal::sentence)
        .containsExactly(
            "disk-room: host-b vda: expected room for 4096 bytes at /guests/1/vda, found 5000 bytes, 905 of them claimed by other moves. Make room on that file system, or wait until other moves to this host are over.");
  }

  @Test
  void a_plan_claims_room_for_the_disks_that_are_copied_only() {
    Facts facts = new Facts();
    facts.secondOn = Optional.of("/dev/sdb1 8:17");
    facts.sharedPaths = List.of(Facts.DISK);

    assertThat(Planner.claims(facts.guest(), facts.destination()))
        .containsExactly(
            new DiskClaim("vdb", Facts.SECOND_DISK, 4096, new Room("/dev/sdb1 8:17", 4096)));
    facts.writable = false;
    assertThat(Planner.claims(facts.guest(), facts.destination())).isEmpty();
  }

  private static List<String> sentences(HostFacts host, boolean sourceUp) {
    return refusals(Checks.ofHost(host, SOURCE, WANTED, sourceUp)).stream()
        .map(Refusal::sentence)
        .toList();
  }
}
