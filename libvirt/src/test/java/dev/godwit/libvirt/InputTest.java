package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the binding refuses before libvirt sees it. */
class InputTest {
  private static final UUID ANY = new UUID(1, 2);
  private Connection connection;

  @BeforeEach
  void open() {
    connection = Connection.open(ConnectionOptions.to("test:///default"));
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  void a_zero_byte_does_not_cut_a_name_short() {
    assertThat(connection.domainNamed("test")).isPresent();
    refused(() -> connection.domainNamed("test\0ing"));
    refused(() -> connection.define("<domain/>\0"));
    refused(() -> ConnectionOptions.to("test:///default\0x"));
  }

  @Test
  void limits_below_zero_are_no_limits_of_a_job() {
    DomainJob job = connection.domain(ANY).job();
    refused(() -> job.setMaxDowntime(Duration.ofMillis(-1)));
    refused(() -> job.setMaxDowntime(Duration.ZERO));
    refused(() -> job.setMaxSpeedMibPerSecond(-1));
    refused(() -> job.setPostCopySpeedMibPerSecond(-1));
  }

  @Test
  void a_dirty_rate_is_measured_for_whole_seconds_from_1_to_60() {
    Domain domain = connection.domain(ANY);
    refused(() -> domain.startDirtyRate(Duration.ofMillis(500)));
    refused(() -> domain.startDirtyRate(Duration.ofMillis(1500)));
    refused(() -> domain.startDirtyRate(Duration.ofSeconds(61)));
  }

  @Test
  void keep_alive_counts_whole_seconds() {
    assertThat(new KeepAlive(Duration.ofSeconds(2), 3).interval()).isEqualTo(Duration.ofSeconds(2));
    refused(() -> new KeepAlive(Duration.ofMillis(1500), 3));
    refused(() -> new KeepAlive(Duration.ZERO, 3));
    refused(() -> new KeepAlive(Duration.ofSeconds(5), 0));
  }

  @Test
  void deadlines_must_be_times() {
    ConnectionOptions options = ConnectionOptions.to("test:///default");
    refused(() -> options.withCallDeadline(Duration.ZERO));
    refused(() -> options.withOpenDeadline(Duration.ofSeconds(-1)));
    refused(() -> ConnectionOptions.to(" "));
  }

  @Test
  void a_migration_parameter_is_given_once_and_within_its_limits() {
    refused(() -> MigrateParameters.to(" "));
    refused(() -> MigrateParameters.to("qemu+tcp://h2\0/system"));
    refused(() -> move().bandwidthMibPerSecond(5).bandwidthMibPerSecond(6));
    refused(() -> move().bandwidthMibPerSecond(-1));
    refused(() -> move().parallelConnections(0));
    refused(() -> move().autoConvergeInitialPercent(100));
    refused(() -> move().destinationXml(" "));
    refused(() -> move().disksPort(65536));
    assertThat(move().disks(List.of("vda", "vdb")).build().parameters()).hasSize(2);
  }

  @Test
  void what_a_move_is_told_shows_names_and_no_values() {
    assertThat(move().destinationXml("<domain>secret</domain>").build())
        .hasToString("to qemu+tcp://h2/system [] with [destination_xml]");
  }

  private static MigrateParameters.Builder move() {
    return MigrateParameters.to("qemu+tcp://h2/system");
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
    assertThatThrownBy(act).isInstanceOf(IllegalArgumentException.class);
  }
}
