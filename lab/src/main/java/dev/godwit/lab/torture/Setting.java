package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.ApiClient;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where and when cases were run.
 *
 * @param cpus processors of the machine
 * @param emulated guests ran without hardware virtualization
 */
record Setting(
    @JsonProperty("date") String date,
    @JsonProperty("cpus") int cpus,
    @JsonProperty("emulated") boolean emulated,
    @JsonProperty("libvirt") String libvirt,
    @JsonProperty("qemu") String qemu) {

  /** By what the agents announce. */
  static Setting of(ApiClient api) {
    JsonNode host = api.get("/godwit/v1/hosts").path("hosts").path(0);
    boolean kvm = false;
    for (JsonNode type : host.path("virt_types")) {
      kvm |= type.asText().equals("kvm");
    }
    return new Setting(
        today(),
        Runtime.getRuntime().availableProcessors(),
        !kvm,
        version(host.path("libvirt_version")),
        version(host.path("hypervisor_version")));
  }

  /** The last commit that changed what runs; the launcher knows it, for a build has no sources. */
  static String build() {
    return System.getProperty("godwit.build", "unknown");
  }

  static String today() {
    return Instant.now().toString().substring(0, 10);
  }

  /** libvirt packs versions as major × 1,000,000 + minor × 1,000 + release. */
  private static String version(JsonNode packed) {
    if (!packed.isNumber()) {
      return packed.asText();
    }
    long number = packed.longValue();
    return "%d.%d.%d".formatted(number / 1_000_000, number / 1000 % 1000, number % 1000);
  }

  String sentence() {
    return date + ", " + machine();
  }

  /** The machine, with the days on which it ran cases and the builds that it ran. */
  String of(List<String> days, List<String> builds) {
    return Stream.of(
            String.join(" and ", days),
            machine(),
            builds.isEmpty() ? "" : "build " + String.join(" and ", builds))
        .filter(it -> !it.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private String machine() {
    return "%d CPUs, %s, libvirt %s, QEMU %s"
        .formatted(cpus, emulated ? "guests emulated" : "KVM", libvirt, qemu);
  }
}
