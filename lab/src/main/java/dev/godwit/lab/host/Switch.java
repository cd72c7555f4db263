package dev.godwit.lab.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Two bridges in namespaces of their own: management, and the guests' network. */
public final class Switch {
  private static final String NAME = "switch";
  private static final String TABLE = "godwit_cuts";
  private static final String MANAGEMENT = "m";
  private static final String GUESTS = "v";

  private final LabFolder folder;

  public Switch(LabFolder folder) {
    this.folder = folder;
  }

  /** The running switch. */
  public Optional<Namespaces> running() {
    return RecordedProcess.living(folder.pid(NAME)).map(Namespaces::of);
  }

  /** The running switch; {@link LabFailure} when it does not run. */
  public Namespaces required() {
    return running()
        .orElseThrow(() -> LabFailure.notFound("the lab is not up; start it with: godwit lab up"));
  }

  /** Starts it unless it runs. */
  public Namespaces start() {
    Optional<Namespaces> already = running();
    if (already.isPresent()) {
      return already.get();
    }
    Path ready = folder.run().resolve("switch.ready");
    try {
      Files.deleteIfExists(ready);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Namespaces switchSpace =
        Namespaces.start(
            folder.pid(NAME),
            folder.log(NAME),
            List.of(folder.resource("switch-init.sh").toString(), folder.root().toString()));
    switchSpace.awaitReady("the switch", ready, folder.log(NAME));
    switchSpace.must("ip", "link", "set", "lo", "up");
    bridge(switchSpace, "br-mgmt", Addresses.SERVER + "/24", Addresses.hardware(0, 0));
    bridge(switchSpace, "br-vm", Addresses.NEIGHBOUR + "/16", Addresses.hardware(1, 0));
    return switchSpace;
  }

  /** With a hardware address of its own: else it is that of a port, and another when that goes. */
  private static void bridge(Namespaces space, String name, String address, String hardware) {
    space.must(
        "ip",
        "link",
        "add",
        name,
        "address",
        hardware,
        "type",
        "bridge",
        "stp_state",
        "0",
        "forward_delay",
        "0");
    space.must("ip", "addr", "add", address, "dev", name);
    space.must("ip", "link", "set", name, "up");
  }

  /** True when a host is plugged in here, as far as this side can tell. */
  boolean has(String host) {
    return required().hasDevice(host + MANAGEMENT) && required().hasDevice(host + GUESTS);
  }

  /** Joins a host to both bridges; whatever joined it to a switch of the past goes. */
  public void plug(String host, Namespaces hostSpace) {
    int number = Addresses.number(host);
    plug(new Link(host + MANAGEMENT, "br-mgmt", "mgmt0", Addresses.hardware(0, number)), hostSpace);
    plug(new Link(host + GUESTS, "br-vm", "vm0", Addresses.hardware(1, number)), hostSpace);
  }

  /** A pair of devices: the outer one on a bridge here, the inner one on the host. */
  private record Link(String outer, String bridge, String inner, String innerHardware) {}

  private void plug(Link link, Namespaces hostSpace) {
    Namespaces space = required();
    Argv.run(Duration.ofSeconds(5), space.inNetwork(List.of("ip", "link", "del", link.outer)));
    Argv.run(Duration.ofSeconds(5), hostSpace.inNetwork(List.of("ip", "link", "del", link.inner)));
    Argv.must(
        Duration.ofSeconds(5),
        space.inNetwork(
            List.of(
                "ip",
                "link",
                "add",
                link.outer,
                "type",
                "veth",
                "peer",
                "name",
                link.inner,
                "address",
                link.innerHardware,
                "netns",
                Long.toString(hostSpace.pid()))));
    space.must("ip", "link", "set", link.outer, "master", link.bridge, "up");
  }

  /** Drops everything between two of the lab's addresses, both ways, from one moment on. */
  public void cut(String a, String b) {
    StringBuilder script =
        new StringBuilder(
            """
            table bridge %1$s {
              chain forward { type filter hook forward priority 0; }
              chain input { type filter hook input priority 0; }
              chain output { type filter hook output priority 0; }
            }
            """
                .formatted(TABLE));
    for (String chain : List.of("forward", "input", "output")) {
      script
          .append(rule(chain, address(a), address(b)))
          .append(rule(chain, address(b), address(a)));
    }
    nft(required(), script.toString());
  }

  /** Mends all cuts. */
  public void heal() {
    Argv.run(
        Duration.ofSeconds(5),
        required().inNetwork(List.of("nft", "delete", "table", "bridge", TABLE)));
  }

  private static String rule(String chain, String from, String to) {
    return "add rule bridge %1$s %2$s ip saddr %3$s ip daddr %4$s drop\n"
        .formatted(TABLE, chain, from, to);
  }

  private static void nft(Namespaces space, String script) {
    Argv.Result result =
        Argv.run(Duration.ofSeconds(5), space.inNetwork(List.of("nft", "-f", "-")), script);
    if (!result.ok()) {
      throw new LabFailure("nft: " + result.err().strip());
    }
  }

  private static String address(String name) {
    return name.equals("server") ? Addresses.SERVER : Addresses.host(name);
  }
}
