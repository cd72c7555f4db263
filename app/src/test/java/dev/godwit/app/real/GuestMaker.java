package dev.godwit.app.real;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.lab.host.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a lab guest is to be made of. */
final class GuestMaker {
  private static final String IMAGE = "60d31700-0000-4000-9000-000000000001";

  private final RealLab lab;
  private final int number;
  private final List<ObjectNode> disks = new ArrayList<>();
  private String image = IMAGE;
  private String flavor = "lab.96";
  private String arguments = "";

  GuestMaker(RealLab lab, int number) {
    this.lab = lab;
    this.number = number;
  }

  GuestMaker flavor(String name) {
    flavor = name;
    return this;
  }

  /** One that boots by itself from its first disk; its address follows from its network card's. */
  GuestMaker bootingFrom(String diskImage) {
    image = diskImage;
    return this;
  }

  GuestMaker arguments(String more) {
    arguments = more;
    return this;
  }

  GuestMaker sharedDisk(String target, String format) {
    return disk(target, "shared", format, Optional.empty());
  }

  GuestMaker localDisk(String target, String format) {
    return disk(target, "local", format, Optional.empty());
  }

  /** A qcow2 over an image that both hosts have. */
  GuestMaker overlay(String target, String backing) {
    return disk(target, "local", "qcow2", Optional.of(backing));
  }

  private GuestMaker disk(String target, String directory, String format, Optional<String> below) {
    ObjectNode disk = lab.api().object();
    disk.put("target", target).put("directory", directory).put("format", format);
    disk.put("size_mib", 32);
    below.ifPresent(backing -> disk.put("backing_file", backing));
    disks.add(disk);
    return this;
  }

  /** Makes it on a host and waits until it answers. */
  Guest on(String host) {
    Guest built = built(host);
    Guest guest =
        image.equals(IMAGE)
            ? built
            : new Guest(lab, built.id(), built.name(), address(host, built.id()));
    guest.awaitAnswer();
    return guest;
  }

  /** Makes it on a host and waits until it runs, however far it has booted. */
  Guest built(String host) {
    String name = "guest-" + number;
    String id = lab.api().post("/v2.1/servers", body(name, host)).at("/server/id").asText();
    Guest guest = new Guest(lab, id, name, Addresses.guest(number));
    guest.awaitStatus("ACTIVE");
    return guest;
  }

  private String address(String host, String id) {
    String card = lab.virsh(host).must("domiflist", id).strip();
    return Addresses.guest(card.substring(card.lastIndexOf(' ') + 1));
  }

  private ObjectNode body(String name, String host) {
    ObjectNode body = lab.api().object();
    body.putObject("server")
        .put("name", name)
        .put("imageRef", image)
        .put("flavorRef", flavor)
        .put("networks", "auto")
        .put("host", host);
    ObjectNode hints = body.putObject("os:scheduler_hints");
    if (image.equals(IMAGE)) {
      String address = "lab.ip=" + Addresses.guest(number) + "/24 ";
      hints.put("godwit:kernel_arguments", address + "lab.disk=20 " + arguments);
    }
    ArrayNode wanted = hints.putArray("godwit:disks");
    disks.forEach(wanted::add);
    return body;
  }
}
