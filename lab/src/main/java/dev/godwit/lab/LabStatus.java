package dev.godwit.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.RecordedProcess;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs in a lab; null for what does not. Pids are the machine's. */
public record LabStatus(
    @JsonProperty("api") @Nullable String api,
    @JsonProperty("token_file") String tokenFile,
    @JsonProperty("server") Server server,
    @JsonProperty("servers") List<Server> servers,
    @JsonProperty("postgresql") @Nullable Long postgresql,
    @JsonProperty("hosts") List<Host> hosts) {

  /** A server; where its API answers on the machine. */
  public record Server(
      @JsonProperty("name") String name,
      @JsonProperty("api") @Nullable String api,
      @JsonProperty("pid") @Nullable Long pid) {}

  /** One host. */
  public record Host(
      @JsonProperty("name") String name,
      @JsonProperty("address") String address,
      @JsonProperty("libvirt_uri") String libvirtUri,
      @JsonProperty("pids") Pids pids,
      @JsonProperty("guests") List<Guest> guests) {
    static Host of(LabHost host) {
      return new Host(
          host.name(),
          host.address(),
          host.libvirtUri(),
          new Pids(
              pid(host, "libvirtd"),
              pid(host, "virtlogd"),
              pid(host, "virtlockd"),
              pid(host, "agent")),
          host.daemon("libvirtd").isPresent() ? new Virsh(host).guests() : List.of());
    }

    private static @Nullable Long pid(LabHost host, String daemon) {
      return host.daemon(daemon).map(RecordedProcess::pid).orElse(null);
    }
  }

  /** A host's processes. */
  public record Pids(
      @JsonProperty("libvirtd") @Nullable Long libvirtd,
      @JsonProperty("virtlogd") @Nullable Long virtlogd,
      @JsonProperty("virtlockd") @Nullable Long virtlockd,
      @JsonProperty("agent") @Nullable Long agent) {}

  /** A domain that libvirt knows on a host. */
  public record Guest(
      @JsonProperty("uuid") String uuid,
      @JsonProperty("name") String name,
      @JsonProperty("pid") @Nullable Long pid,
      @JsonProperty("state") String state) {}
}
