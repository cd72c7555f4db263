package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.server.api.Call;
import dev.godwit.server.store.Flavor;
import dev.godwit.server.store.Instance;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** A server as the Compute API shows it; each field from its microversion on. */
public final class ServerView {
  private static final Set<String> WITH_PROGRESS =
      Set.of("ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING");

  private final Function<HostName, String> hostStatus;

  /**
   * A view.
   *
   * @param hostStatus UP, DOWN, MAINTENANCE, UNKNOWN or empty
   */
  public ServerView(Function<HostName, String> hostStatus) {
    this.hostStatus = hostStatus;
  }

  /** id, name, links. */
  public ObjectNode brief(Call call, Instance instance) {
    ObjectNode server = Json.object();
    server.put("id", instance.id().toString());
    server.put("name", instance.name());
    links(call, server, instance);
    return server;
  }

  private static void links(Call call, ObjectNode server, Instance instance) {
    String rest = "/servers/" + instance.id();
    server
        .putArray("links")
        .add(Json.link("self", call.self(rest)))
        .add(Json.link("bookmark", call.bookmark(rest)));
  }

  /** Everything. */
  public ObjectNode full(Call call, Instance instance, int progressPercent) {
    boolean admin = call.caller().admin();
    ObjectNode server = brief(call, instance);
    String status = status(instance);
    server.put("status", status);
    server.put("tenant_id", instance.owner().projectId());
    server.put("user_id", instance.owner().userId());
    ObjectNode metadata = server.putObject("metadata");
    instance.metadata().forEach(metadata::put);
    server.put("hostId", hostId(instance));
    image(call, server, instance);
    flavor(call, server, instance.flavor());
    server.put("created", Json.seconds(instance.createdAt()));
    server.put("updated", Json.seconds(instance.updatedAt()));
    server.putObject("addresses");
    server.put("accessIPv4", "").put("accessIPv6", "");
    server.put("OS-DCF:diskConfig", "MANUAL");
    if (WITH_PROGRESS.contains(status)) {
      server.put("progress", status.equals("MIGRATING") ? progressPercent : 0);
    }
    server.put("OS-EXT-AZ:availability_zone", instance.host().isPresent() ? "nova" : "");
    server.put("config_drive", "");
    server.putNull("key_name");
    Json.put(server, "OS-SRV-USG:launched_at", instance.launchedAt().map(Json::micros));
    Json.put(server, "OS-SRV-USG:terminated_at", instance.terminatedAt().map(Json::micros));
    server.putArray("security_groups").addObject().put("name", "default");
    server.put("OS-EXT-STS:vm_state", instance.vmState().word());
    task(server, instance.taskState());
    server.put("OS-EXT-STS:power_state", instance.powerState().code());
    server.putArray("os-extended-volumes:volumes_attached");
    if (admin) {
      extended(call, server, instance);
    }
    newer(call, server, instance);
    fault(server, instance, status);
    return server;
  }

  private static void task(ObjectNode server, TaskState task) {
    if (task == TaskState.NONE) {
      server.putNull("OS-EXT-STS:task_state");
    } else {
      server.put("OS-EXT-STS:task_state", task.word());
    }
  }

  private static void image(Call call, ObjectNode server, Instance instance) {
    if (instance.imageId().isEmpty()) {
      server.put("image", "");
      return;
    }
    ObjectNode image = server.putObject("image");
    image.put("id", instance.imageId());
    image
        .putArray("links")
        .add(Json.link("bookmark", call.bookmark("/images/" + instance.imageId())));
  }

  private static void flavor(Call call, ObjectNode server, Flavor flavor) {
    ObjectNode view = server.putObject("flavor");
    if (call.version().from(47)) {
      view.put("vcpus", flavor.vcpus());
      view.put("ram", flavor.memoryMib());
      view.put("disk", flavor.diskGib());
      view.put("ephemeral", 0);
      view.put("swap", 0);
      view.put("original_name", flavor.name());
      view.putObject("extra_specs");
    } else {
      view.put("id", flavor.id());
      view.putArray("links").add(Json.link("bookmark", call.bookmark("/flavors/" + flavor.id())));
    }
  }

  private static void extended(Call call, ObjectNode server, Instance instance) {
    Json.put(server, "OS-EXT-SRV-ATTR:host", instance.host().map(HostName::value));
    Json.put(server, "OS-EXT-SRV-ATTR:hypervisor_hostname", instance.node());
    server.put("OS-EXT-SRV-ATTR:instance_name", instance.domainName());
    if (call.version().from(3)) {
      server.put("OS-EXT-SRV-ATTR:reservation_id", "r-%08x".formatted(instance.number()));
      server.put("OS-EXT-SRV-ATTR:launch_index", 0);
      server.put(
          "OS-EXT-SRV-ATTR:hostname",
          instance.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-"));
      server.put("OS-EXT-SRV-ATTR:kernel_id", "");
      server.put("OS-EXT-SRV-ATTR:ramdisk_id", "");
      server.put("OS-EXT-SRV-ATTR:root_device_name", "/dev/vda");
      server.putNull("OS-EXT-SRV-ATTR:user_data");
    }
  }

  private void newer(Call call, ObjectNode server, Instance instance) {
    if (call.version().from(9)) {
      server.put("locked", false);
    }
    if (call.version().from(16) && call.caller().admin()) {
      server.put("host_status", instance.host().map(hostStatus).orElse(""));
    }
    if (call.version().from(19)) {
      Json.put(server, "description", instance.description());
    }
    if (call.version().from(26)) {
      server.putArray("tags");
    }
    if (call.version().from(63)) {
      server.putNull("trusted_image_certificates");
    }
    if (call.version().from(73)) {
      server.putNull("locked_reason");
    }
  }

  private static void fault(ObjectNode server, Instance instance, String status) {
    if (status.equals("ERROR") || status.equals("DELETED")) {
      instance
          .fault()
          .ifPresent(fault ->
              server
                  .putObject("fault")
                  .put("code", fault.code())
                  .put("created", Json.seconds(fault.at()))
                  .put("message", fault.message()));
    }
  }

  /** Nova's status, made of vm_state and task_state. */
  public static String status(Instance instance) {
    TaskState task = instance.taskState();
    if (task == TaskState.MIGRATING
        && (instance.vmState() == VmState.ACTIVE || instance.vmState() == VmState.PAUSED)) {
      return "MIGRATING";
    }
    return switch (instance.vmState()) {
      case ACTIVE ->
          switch (task) {
            case REBOOTING -> "REBOOT";
            case REBOOTING_HARD -> "HARD_REBOOT";
            case NONE,
                SPAWNING,
                MIGRATING,
                POWERING_ON,
                POWERING_OFF,
                PAUSING,
                UNPAUSING,
                DELETING ->
                "ACTIVE";
          };
      case BUILDING -> "BUILD";
      case STOPPED -> task == TaskState.REBOOTING_HARD ? "HARD_REBOOT" : "SHUTOFF";
      case PAUSED -> task == TaskState.REBOOTING_HARD ? "HARD_REBOOT" : "PAUSED";
      case ERROR -> "ERROR";
      case DELETED -> "DELETED";
    };
  }

  private static String hostId(Instance instance) {
    return instance.host().map(host -> hostId(instance.owner().projectId(), host)).orElse("");
  }

  /** A project's own name for a host, from which the host cannot be told. */
  public static String hostId(String project, HostName host) {
    String text = project + host.value();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-224").digest(text.getBytes(StandardCharsets.UTF_8));
      return "%056x".formatted(new BigInteger(1, digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
