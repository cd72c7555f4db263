package dev.godwit.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.libvirt.MigrateFlag;
import dev.godwit.libvirt.MigrateParameters;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoveParametersTest {
  private static final Set<MigrateFlag> ALWAYS =
      Set.of(
          MigrateFlag.LIVE,
          MigrateFlag.PEER2PEER,
          MigrateFlag.PERSIST_DEST,
          MigrateFlag.UNDEFINE_SOURCE);

  /** A plan with everything off. */
  private static Plan plan() {
    return new Plan();
  }

  private static final class Plan {
    private HandOver handOver = HandOver.FAST;
    private List<DiskMove> disks = List.of();
    private boolean tls;
    private boolean sharedProven;
    private boolean ownerPaused;
    private boolean postCopy;
    private boolean autoConverge;
    private int parallel = 1;
    private long bandwidth;

    TransferPlan made() {
      return new TransferPlan(
          new HostName("h2"),
          "qemu+tcp://10.0.0.2/system",
          "tcp://10.0.0.2",
          handOver,
          disks,
          tls,
          sharedProven,
          ownerPaused,
          false,
          postCopy,
          autoConverge,
          parallel,
          bandwidth,
          300);
    }

    Set<MigrateFlag> more() {
      Set<MigrateFlag> flags = firstCall(made()).flags();
      assertThat(flags).containsAll(ALWAYS);
      return flags.stream()
          .filter(flag -> !ALWAYS.contains(flag))
          .collect(java.util.stream.Collectors.toSet());
    }

    /** What it needs besides the XML that the destination shall have. */
    String names() {
      return first(made());
    }
  }

  private static DiskMove disk(
      String target, boolean writable, Optional<String> backing, DiskMove.Mode mode) {
    return new DiskMove(
        target, "/disks/" + target, DiskFormat.QCOW2, 1 << 20, backing, writable, mode);
  }

  @Test
  void a_guest_without_disks_needs_the_least() {
    assertThat(plan().more()).isEmpty();
    assertThat(plan().names()).isEqualTo("[migrate_uri, listen_address]");
  }

  @Test
  void a_strict_hand_over_arrives_paused_unless_the_owner_paused_it_already() {
    Plan plan = plan();
    plan.handOver = HandOver.STRICT;
    assertThat(plan.more()).containsExactly(MigrateFlag.PAUSED);
    plan.ownerPaused = true;
    assertThat(plan.more()).isEmpty();
  }

  @Test
  void only_writable_disks_that_are_not_shared_are_copied() {
    Plan plan = plan();
    plan.disks =
        List.of(
            disk("vda", true, Optional.empty(), DiskMove.Mode.COPIED),
            disk("vdb", true, Optional.empty(), DiskMove.Mode.SHARED),
            disk("vdc", false, Optional.empty(), DiskMove.Mode.COPIED));
    assertThat(plan.more()).containsExactly(MigrateFlag.NON_SHARED_DISK);
    assertThat(plan.names()).isEqualTo("[migrate_uri, listen_address, migrate_disks]");
    plan.disks = List.of(disk("vdc", false, Optional.empty(), DiskMove.Mode.COPIED));
    assertThat(plan.more()).isEmpty();
    assertThat(plan.names()).doesNotContain("migrate_disks");
  }

  @Test
  void of_layered_disks_only_the_top_travels() {
    Plan plan = plan();
    plan.disks =
        List.of(
            disk("vda", true, Optional.empty(), DiskMove.Mode.COPIED),
            disk("vdb", true, Optional.of("/images/base"), DiskMove.Mode.COPIED));
    assertThat(plan.more()).containsExactly(MigrateFlag.NON_SHARED_INC);
  }

  @Test
  void libvirts_own_guess_is_overruled_only_with_the_proof() {
    Plan plan = plan();
    plan.disks = List.of(disk("vda", true, Optional.empty(), DiskMove.Mode.SHARED));
    assertThat(plan.more()).isEmpty();
    plan.sharedProven = true;
    assertThat(plan.more()).containsExactly(MigrateFlag.UNSAFE);
  }

  @Test
  void what_the_policy_permits_is_passed_on() {
    Plan plan = plan();
    plan.tls = true;
    plan.autoConverge = true;
    plan.parallel = 4;
    plan.bandwidth = 100;
    assertThat(plan.more())
        .containsExactlyInAnyOrder(
            MigrateFlag.TLS, MigrateFlag.AUTO_CONVERGE, MigrateFlag.PARALLEL);
    assertThat(plan.names())
        .isEqualTo("[migrate_uri, listen_address, bandwidth, parallel.connections]");
  }

  @Test
  void post_copy_goes_over_one_connection() {
    Plan plan = plan();
    plan.postCopy = true;
    plan.parallel = 4;
    assertThat(plan.more()).containsExactly(MigrateFlag.POSTCOPY);
    assertThat(plan.names()).doesNotContain("parallel");
  }

  @Test
  void a_broken_post_copy_is_resumed_by_the_first_call_again_and_one_flag_more() {
    Plan plan = plan();
    plan.postCopy = true;
    plan.tls = true;
    plan.bandwidth = 100;
    plan.disks = List.of(disk("vda", true, Optional.empty(), DiskMove.Mode.COPIED));
    MigrateParameters first = firstCall(plan.made());
    MigrateParameters again = MoveParameters.resuming(plan.made());

    Set<MigrateFlag> flags = new HashSet<>(first.flags());
    flags.add(MigrateFlag.POSTCOPY_RESUME);
    assertThat(again.flags()).isEqualTo(flags);
    assertThat(again.disks()).isEqualTo(first.disks());
    assertThat(again.destinationUri()).isEqualTo(first.destinationUri());
    assertThat(names(again)).isEqualTo(first(plan.made())).contains("bandwidth");
  }

  private static MigrateParameters firstCall(TransferPlan plan) {
    MigrateParameters parameters = MoveParameters.of(plan, "<running/>", "<defined/>");
    assertThat(parameters.destinationXml()).contains("<running/>");
    assertThat(parameters.persistentXml()).contains("<defined/>");
    return parameters;
  }

  private static String first(TransferPlan plan) {
    return names(firstCall(plan)).replace(", destination_xml, persistent_xml", "");
  }

  private static String names(MigrateParameters parameters) {
    return parameters.toString().replaceAll(".* with ", "");
  }

  @ParameterizedTest
  @CsvSource({
    "tcp:10.0.0.2, 10.0.0.2",
    "tcp://10.0.0.2, 10.0.0.2",
    "tcp://10.0.0.2:49152, 10.0.0.2",
    "tcp://host-2.example.org, host-2.example.org",
    "tcp://[fd00::2], fd00::2",
    "tcp://[fd00::2]:49152, fd00::2"
  })
  void memory_and_disks_are_awaited_where_they_are_sent(String uri, String address) {
    assertThat(MoveParameters.listenAddress(uri)).contains(address);
  }
}
