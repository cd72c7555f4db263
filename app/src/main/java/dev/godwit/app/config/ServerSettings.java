package dev.godwit.app.config;

import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.core.model.HandOver;
import dev.godwit.server.Server;
import dev.godwit.server.api.ApiConfiguration;
import dev.godwit.server.api.Tokens;
import dev.godwit.server.conductor.Patience;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.Flavor;
import dev.godwit.wire.MutualTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options of {@code godwit server}, with nova.conf's names where the meaning is the same. */
public final class ServerSettings {
  private static final List<Flavor> FLAVORS =
      List.of(
          new Flavor(1, "1", "m1.tiny", 512, 1, 1),
          new Flavor(2, "2", "m1.small", 2048, 1, 20),
          new Flavor(3, "3", "m1.medium", 4096, 2, 40),
          new Flavor(4, "4", "m1.large", 8192, 4, 80));

  private static final int LONGEST_SWEEP = 86_400;
  private static final double LEAST_RATIO = 0.1;
  private static final double MOST_RATIO = 1000;

  private ServerSettings() {}

  /** From a file; {@link ConfigurationRefused} with all that is wrong. */
  public static Server.Configuration read(Path file) {
    return ConfigurationFile.read(file, ServerSettings::of);
  }

  /** When no file is given. */
  public static Server.Configuration defaults() {
    return ConfigurationFile.defaults(ServerSettings::of);
  }

  private static Server.Configuration of(Table root) {
    Table api = root.table("api");
    Table registry = root.table("registry");
    Table libvirt = root.table("libvirt");
    return new Server.Configuration(
        root.table("server").text("name").orElse("godwit-1"),
        database(root.table("database")),
        api.path("admin_token_file", "/var/lib/godwit/admin.token"),
        users(root),
        new ApiConfiguration(address(api, "127.0.0.1", 8774), images(root), flavors(root)),
        address(registry, "0.0.0.0", 8775),
        tls(root.table("tls")),
        policy(libvirt),
        patience(libvirt),
        ratios(root.table("capacity")),
        Duration.ofSeconds(
            root.table("leftovers").whole("sweep_interval_seconds", 600, 0, LONGEST_SWEEP)));
  }

  private static final String FILE = "sqlite:////var/lib/godwit/godwit.db";

  private static DatabaseAddress database(Table database) {
    String connection = database.text("connection").orElse(FILE);
    try {
      return DatabaseAddress.of(connection, password(database));
    } catch (IllegalArgumentException e) {
      database.trouble("connection", DatabaseAddress.EXPECTED, "" + e.getMessage());
      return DatabaseAddress.of(FILE, Optional.empty());
    }
  }

  /**
   * From a file, or else the environment: a configuration is read by more people than it should.
   */
  private static Optional<String> password(Table database) {
    if (database.text("password_file").isEmpty()) {
      return Optional.ofNullable(System.getenv("GODWIT_DATABASE_PASSWORD"));
    }
    Path file = database.path("password_file", "/");
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      database.trouble("password_file", "a file that can be read", e.toString());
      return Optional.empty();
    }
  }

  private static InetSocketAddress address(Table table, String host, int port) {
    return new InetSocketAddress(
        table.text("bind_host").orElse(host), table.whole("bind_port", port, 0, 65_535));
  }

  static MutualTls tls(Table tls) {
    return new MutualTls(
        tls.path("ca", "/etc/godwit/tls/ca.pem"),
        tls.path("cert", "/etc/godwit/tls/cert.pem"),
        tls.path("key", "/etc/godwit/tls/key.pem"));
  }

  private static MovePolicy policy(Table libvirt) {
    MovePolicy usual = MovePolicy.DEFAULT;
    return new MovePolicy(
        libvirt.flag("live_migration_permit_post_copy", usual.permitPostCopy()),
        libvirt.flag("live_migration_permit_auto_converge", usual.permitAutoConverge()),
        libvirt.whole("live_migration_parallel_connections", usual.parallelConnections(), 1, 255),
        libvirt.number(
            "live_migration_bandwidth", usual.bandwidthMibPerSecond(), 0, Integer.MAX_VALUE),
        libvirt.whole("live_migration_downtime", usual.downtimeLimitMs(), 1, 2_000_000),
        libvirt
            .word("hand_over", List.of("auto", "fast", "strict"))
            .flatMap(ServerSettings::handOver));
  }

  private static Patience patience(Table libvirt) {
    Patience usual = Patience.DEFAULT;
    return new Patience(
        libvirt.whole(
            "live_migration_completion_timeout", usual.secondsPerGib(), 0, Integer.MAX_VALUE),
        libvirt
            .word("live_migration_timeout_action", List.of("abort", "force_complete"))
            .map(word -> Patience.Action.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(usual.action()));
  }

  private static AllocationRatios ratios(Table capacity) {
    AllocationRatios usual = AllocationRatios.DEFAULT;
    return new AllocationRatios(
        capacity.ratio("cpu_allocation_ratio", usual.cpu(), LEAST_RATIO, MOST_RATIO),
        capacity.ratio("ram_allocation_ratio", usual.ram(), LEAST_RATIO, MOST_RATIO));
  }

  private static Optional<HandOver> handOver(String word) {
    return switch (word) {
      case "fast" -> Optional.of(HandOver.FAST);
      case "strict" -> Optional.of(HandOver.STRICT);
      default -> Optional.empty();
    };
  }

  private static List<Tokens.User> users(Table root) {
    return root.list("user").stream()
        .map(user ->
            new Tokens.User(
                user.required("name"),
                user.required("password"),
                user.text("project").orElse("admin"),
                user.texts("roles", List.of("member"))))
        .toList();
  }

  private static List<ApiConfiguration.Image> images(Table root) {
    List<ApiConfiguration.Image> images = new ArrayList<>();
    for (Table table : root.list("image")) {
      ApiConfiguration.Image image =
          new ApiConfiguration.Image(
              table.required("id"),
              table.required("name"),
              table.text("kernel"),
              table.text("initrd"),
              table.text("arguments").orElse(""),
              table.text("path"));
      if (image.kernel().isPresent() != image.initrd().isPresent()) {
        table.trouble("initrd", "kernel and initrd together", "one of them");
      }
      if (image.kernel().isEmpty() && image.path().isEmpty()) {
        table.trouble("path", "a disk image, or kernel and initrd", "neither");
      }
      images.add(image);
    }
    return images;
  }

  private static List<Flavor> flavors(Table root) {
    List<Flavor> flavors = new ArrayList<>();
    for (Table table : root.list("flavor")) {
      flavors.add(
          new Flavor(
              flavors.size() + 1,
              table.required("id"),
              table.required("name"),
              table.requiredWhole("memory_mib", 16, 16 << 20),
              table.requiredWhole("vcpus", 1, 512),
              table.whole("disk_gib", 0, 0, 1 << 20)));
    }
    return flavors.isEmpty() ? FLAVORS : flavors;
  }
}
