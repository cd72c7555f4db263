package dev.godwit.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.core.model.HostName;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.store.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a configuration file that is wrong. */
final class SettingsTest {
  private static final String AGENT =
      """
      [agent]
      host = "h1"
      address = "192.0.2.1"
      servers = ["192.0.2.9:8775"]
      [directories]
      local = "/instances"
      [network]
      bridge = "br0"
      """;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("godwit.toml");
  }

  private String refused(Function<Path, ?> read, String toml) throws IOException {
    Files.writeString(file, toml);
    return String.valueOf(
        catchThrowableOfType(ConfigurationRefused.class, () -> read.apply(file)).getMessage());
  }

  @Test
  void a_good_file_is_taken() throws IOException {
    Files.writeString(file, AGENT);
    assertThat(AgentSettings.read(file).host().value()).isEqualTo("h1");
  }

  @Test
  void an_unknown_section_is_told_with_the_file_the_nearest_and_what_is_allowed()
      throws IOException {
    assertThat(refused(AgentSettings::read, AGENT.replace("[network]", "[netwrok]")))
        .isEqualTo(
            file
                + ": unknown section [netwrok]; did you mean [network]?; allowed here: [agent],"
                + " [libvirt], [directories], [network], [tls]");
    assertThat(refused(ServerSettings::read, "[flavour]\nid = \"1\""))
        .contains("unknown section [flavour]; did you mean [[flavor]]?")
        .contains(
            "allowed here: [api], [registry], [libvirt], [server], [database], [[user]], [[image]]");
    assertThat(refused(ServerSettings::read, "[[somebody]]\nname = \"x\""))
        .contains("unknown section [[somebody]]; allowed here: [api]");
  }

  @Test
  void an_unknown_key_is_told_with_its_section() throws IOException {
    assertThat(refused(AgentSettings::read, AGENT.replace("bridge", "brigde")))
        .isEqualTo(
            file
                + ": unknown option network.brigde; did you mean network.bridge?; allowed here:"
                + " network.bridge");
    assertThat(refused(AgentSettings::read, "host = \"h1\"\n" + AGENT))
        .contains("unknown option host; allowed here: [agent]");
  }

  @Test
  void a_misspelled_section_whose_options_are_missed_does_not_make_the_others_unknown()
      throws IOException {
    String told = refused(AgentSettings::read, AGENT.replace("[agent]", "[agnet]"));
    assertThat(told)
        .contains("unknown section [agnet]; did you mean [agent]?")
        .contains("agent.host: expected a text, found none")
        .doesNotContain("unknown section [directories]")
        .doesNotContain("unknown option");
  }

  @Test
  void a_migration_uri_by_which_no_host_reaches_another_fails_the_start() throws IOException {
    for (String uri :
        List.of(
            "qemu+tls://h2/system",
            "qemu+tlss://%s/system",
            "xen+tls://%s/system",
            "qemu+tcp://%s:port/system",
            "qemu+tcp://%s:99999/system",
            "qemu+tcp://%s :1/system",
            "qemu+unix://%s/system",
            "qemu:///system?%s")) {
      assertThat(refused(AgentSettings::read, with(uri)))
          .startsWith(file + ": libvirt.live_migration_uri: expected a URI like qemu+tls://%s/")
          .endsWith("found \"" + uri + "\"");
    }
  }

  @Test
  void a_migration_uri_may_have_any_transport_over_tcp_a_port_and_an_ipv6_address()
      throws IOException {
    for (String uri :
        List.of(
            "qemu+tcp://%s/system",
            "qemu+ssh://root@%s:2222/system?no_verify=1", "qemu://[%s]/system")) {
      Files.writeString(file, with(uri));
      assertThat(AgentSettings.read(file).daemon().liveMigrationUri()).isEqualTo(uri);
      Files.writeString(
          file,
          with(uri)
              .replace("192.0.2.1\"", "2001:db8::1\"")
              .replace("192.0.2.9:", "[2001:db8::9]:"));
      assertThat(AgentSettings.read(file).address()).isEqualTo("2001:db8::1");
    }
  }

  private static String with(String migrationUri) {
    return AGENT + "[libvirt]\nlive_migration_uri = \"" + migrationUri + "\"\n";
  }

  @Test
  void a_file_that_is_no_toml_is_told_with_the_place() throws IOException {
    assertThat(refused(AgentSettings::read, AGENT.replace("host = ", "host ")))
        .startsWith(file + ": expected TOML, found at line ");
  }

  @Test
  void a_number_out_of_range_or_none_is_told_with_the_range() throws IOException {
    for (String value : List.of("0", "2000001", "1.5", "\"300\"", "99999999999999999999")) {
      assertThat(
              refused(ServerSettings::read, "[libvirt]\nlive_migration_downtime = " + value + "\n"))
          .contains("libvirt.live_migration_downtime: expected a whole number from 1 to 2000000");
    }
  }

  @Test
  void leftovers_are_swept_every_ten_minutes_or_as_often_as_is_configured() throws IOException {
    assertThat(ServerSettings.defaults().sweepEach()).isEqualTo(Duration.ofMinutes(10));
    Path file = folder.resolve("sweep.toml");
    Files.writeString(file, "[leftovers]\nsweep_interval_seconds = 0\n");
    assertThat(ServerSettings.read(file).sweepEach()).isZero();
    assertThat(refused(ServerSettings::read, "[leftovers]\nsweep_interval_seconds = -1\n"))
        .contains("leftovers.sweep_interval_seconds: expected a whole number from 0 to 86400");
  }

  @Test
  void how_much_of_a_host_may_be_taken_is_configured_within_a_range() throws IOException {
    assertThat(ServerSettings.defaults().ratios()).isEqualTo(new AllocationRatios(16.0, 1.5));
    Files.writeString(file, "[capacity]\ncpu_allocation_ratio = 4\nram_allocation_ratio = 0.9\n");
    assertThat(ServerSettings.read(file).ratios()).isEqualTo(new AllocationRatios(4.0, 0.9));

    for (String value : List.of("0", "0.09", "1000.5", "-1", "nan", "inf", "\"16\"")) {
      assertThat(
              refused(ServerSettings::read, "[capacity]\ncpu_allocation_ratio = " + value + "\n"))
          .contains("capacity.cpu_allocation_ratio: expected a number from 0.1 to 1000.0");
    }
  }

  @Test
  void an_agent_takes_this_hosts_libvirt_and_no_others() throws IOException {
    for (String uri :
        List.of("qemu+tls://other/system", "qemu+ssh://root@other/system", "xen:///")) {
      assertThat(refused(AgentSettings::read, AGENT + "[libvirt]\nuri = \"" + uri + "\"\n"))
          .contains("libvirt.uri: expected this host's own libvirt", uri);
    }
    Files.writeString(file, AGENT + "[libvirt]\nuri = \"qemu:///session?socket=/run/s\"\n");
    assertThat(AgentSettings.read(file).daemon().uri()).isEqualTo("qemu:///session?socket=/run/s");
  }

  @Test
  void a_name_that_no_host_can_have_is_told_with_the_option() throws IOException {
    assertThat(refused(AgentSettings::read, AGENT.replace("\"h1\"", "\"a b\"")))
        .isEqualTo(file + ": agent.host: expected letters, digits, dots and dashes, found \"a b\"");
  }

  @Test
  void a_database_is_named_as_sqlalchemy_names_it() throws IOException {
    assertThat(ServerSettings.defaults().database())
        .isEqualTo(new DatabaseAddress.Sqlite(Path.of("/var/lib/godwit/godwit.db")));
    for (String slashes : List.of("sqlite:////srv/godwit.db", "sqlite:///srv/godwit.db")) {
      Files.writeString(file, "[database]\nconnection = \"" + slashes + "\"\n");
      assertThat(ServerSettings.read(file).database())
          .isEqualTo(new DatabaseAddress.Sqlite(Path.of("/srv/godwit.db")));
    }
    Path password = folder.resolve("password");
    Files.writeString(password, "open sesame\n");
    Files.writeString(
        file,
        """
        [database]
        connection = "postgresql+psycopg2://god%%40wit@db.example:5433/moves?sslmode=verify-full"
        password_file = "%s"
        """
            .formatted(password));

    DatabaseAddress address = ServerSettings.read(file).database();

    assertThat(address)
        .isEqualTo(
            new DatabaseAddress.Postgresql(
                "db.example",
                5433,
                "moves",
                "god@wit",
                "open sesame",
                Map.of("sslmode", "verify-full")));
    assertThat(address.toString()).doesNotContain("sesame");
  }

  @Test
  void a_database_that_is_none_or_tells_its_password_is_refused_without_telling_it()
      throws IOException {
    for (String connection :
        List.of(
            "mysql://godwit@db/godwit",
            "/var/lib/godwit/godwit.db",
            "postgresql://db/godwit",
            "postgresql://godwit@db",
            "postgresql://godwit@db/godwit?pool_size=3",
            "postgresql://godwit:open-sesame@db/godwit")) {
      assertThat(refused(ServerSettings::read, "[database]\nconnection = \"" + connection + "\"\n"))
          .contains("database.connection: expected \"sqlite:////path/to/godwit.db\" or")
          .doesNotContain("sesame");
    }
    assertThat(
            refused(
                ServerSettings::read,
                "[database]\nconnection = \"postgresql://u@h/d\"\npassword_file = \"/none\"\n"))
        .contains("database.password_file: expected a file that can be read");
  }

  private static final String SIMULATED =
      """
      [agent]
      driver = "simulated"
      host = "sim"
      address = "192.0.2.1"
      bind_port = 9000
      servers = ["192.0.2.9:8775"]
      [simulation]
      hosts = 3
      """;

  @Test
  void simulated_hosts_have_the_agents_name_with_a_number_and_a_port_each() throws IOException {
    Files.writeString(file, SIMULATED);
    assertThat(AgentDriver.read(file))
        .isInstanceOfSatisfying(
            AgentDriver.Simulated.class,
            driver -> {
              assertThat(driver.hosts().names())
                  .extracting(HostName::value)
                  .containsExactly("sim-1", "sim-2", "sim-3");
              assertThat(driver.hosts().firstPort()).isEqualTo(9000);
            });
  }

  @Test
  void what_is_about_a_real_host_is_refused_with_the_simulated_driver() throws IOException {
    String real =
        SIMULATED.replace("[simulation]", "state_directory = \"/x\"\n[simulation]")
            + "[libvirt]\nvirt_type = \"kvm\"\n[network]\nbridge = \"br0\"\n";
    assertThat(refused(AgentDriver::read, real))
        .contains("libvirt: expected no such section with driver = \"simulated\"")
        .contains("network: expected no such section with driver = \"simulated\"")
        .contains("agent.state_directory: expected none with driver = \"simulated\"");
    assertThat(refused(AgentDriver::read, SIMULATED.replace("9000", "65534")))
        .contains("agent.bind_port: expected 0, or a port that 2 more follow");
    assertThat(refused(AgentDriver::read, SIMULATED + "files = [\"boot\"]\n"))
        .contains("simulation.files: expected absolute paths, found \"boot\"");
    assertThat(refused(AgentSettings::read, SIMULATED)).contains("agent.driver: expected libvirt");
  }

  @Test
  void a_simulation_of_a_real_host_is_refused_and_so_is_a_driver_that_there_is_not()
      throws IOException {
    assertThat(refused(AgentDriver::read, AGENT + "[simulation]\nhosts = 2\n"))
        .contains("simulation: expected no such section without driver = \"simulated\"");
    assertThat(refused(AgentDriver::read, SIMULATED.replace("\"simulated\"", "\"simulate\"")))
        .contains("agent.driver: expected one of libvirt, simulated, found \"simulate\"");
  }
}
