package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Leftovers;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A lab guest: an instance of the record, and a machine that answers on the network. */
record Guest(RealLab lab, String id, String name, String address) {
  private static final String NO_LIMIT_MIB = "4000";

  /** Status, task, host as the Compute API shows them. */
  ObjectNode show() {
    JsonNode server = lab.api().get("/v2.1/servers/" + id).path("server");
    ObjectNode brief = lab.api().object();
    brief.put("status", server.path("status").asText());
    brief.set("task", server.path("OS-EXT-STS:task_state"));
    brief.set("host", server.path("OS-EXT-SRV-ATTR:host"));
    brief.set("power", server.path("OS-EXT-STS:power_state"));
    brief.set("fault", server.path("fault"));
    return brief;
  }

  /** Asks the guest itself, from its neighbour on the network; empty when it does not answer. */
  Optional<JsonNode> ask(String command) {
    try {
      return Optional.of(lab.lab().neighbour().ask(address, command));
    } catch (LabFailure silent) {
      return Optional.empty();
    }
  }

  /** How long it has been up by its own clock, which stands still with it. */
  Optional<Long> uptimeNs() {
    return ask("stat").map(it -> it.path("uptime_ns").asLong());
  }

  /** Waits until it has booted. */
  void awaitAnswer() {
    Await.until(name + " to answer", RealLab.PATIENCE, () -> uptimeNs().isPresent());
  }

  /** Remembers how long it has been up, to prove later that it was never restarted. */
  Proof proof() {
    return new Proof(this, uptimeNs().orElseThrow());
  }

  /** What was true of a guest at a moment. */
  record Proof(Guest guest, long uptimeNs) {
    /** It is the same run of the same guest, and every record it wrote is on its disks. */
    void holds() {
      guest.awaitAnswer();
      assertThat(guest.uptimeNs().orElseThrow()).as("uptime").isGreaterThan(uptimeNs);
      for (JsonNode disk : guest.ask("records").orElseThrow().path("disks")) {
        assertThat(disk.path("missing").asLong()).as(disk.toString()).isZero();
        assertThat(disk.path("failing").asBoolean()).as(disk.toString()).isFalse();
        assertThat(disk.path("last").asLong()).as(disk.toString()).isPositive();
      }
    }
  }

  /** A move to this host ends in error for this reason, and it runs on where it was. */
  void isRefused(String to, String code) {
    List<String> home = lab.runningOn(this);
    Proof proof = proof();
    JsonNode end = lab.migrate(this, Optional.of(to)).awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("error");
    assertThat(end.path("refusals"))
        .as(end.toPrettyString())
        .extracting(reason -> reason.path("code").asText())
        .contains(code);
    assertThat(end.path("refusals"))
        .allSatisfy(reason -> assertThat(reason.path("remedy").asText()).isNotBlank());
    assertThat(lab.runningOn(this)).isEqualTo(home).hasSize(1);
    proof.holds();
  }

  /** Limits how fast this host copies it away, so that a test can act in between. */
  void copySlowly(String host, int mibPerSecond) {
    lab.virsh(host).must("migrate-setspeed", id, Integer.toString(mibPerSecond));
  }

  /** The same for what post-copy leaves to fetch, which the other limit is not for; mid-copy. */
  void fetchSlowly(String host, int mibPerSecond) {
    lab.virsh(host).must("migrate-setspeed", "--postcopy", id, Integer.toString(mibPerSecond));
  }

  /** Lifts the limit, also of a copy under way; a guest that is gone from there needs no push. */
  void copyFast(String host) {
    Argv.Result result =
        lab.virsh(host).run(Duration.ofSeconds(15), "migrate-setspeed", id, NO_LIMIT_MIB);
    assertThat(result.ok() || lab.state(host, this).equals("absent")).as(result.err()).isTrue();
  }

  void act(String action) {
    ObjectNode body = lab.api().object();
    body.putNull(action);
    lab.api().post("/v2.1/servers/" + id + "/action", body);
  }

  void awaitStatus(String status) {
    Await.until(
        name + " to be " + status,
        RealLab.PATIENCE,
        () -> {
          ObjectNode now = show();
          String is = now.path("status").asText();
          if (is.equals("ERROR") && !status.equals("ERROR")) {
            throw new AssertionError(now.toPrettyString());
          }
          return is.equals(status) && now.path("task").isNull();
        });
  }

  /** By what libvirt knows it. */
  Leftovers.Of domain() {
    JsonNode server = lab.api().get("/v2.1/servers/" + id).path("server");
    return new Leftovers.Of(id, server.path("OS-EXT-SRV-ATTR:instance_name").asText());
  }

  /** Deletes it and waits until nothing of it is on any host. */
  void delete() {
    Leftovers.Of domain = domain();
    lab.api().delete("/v2.1/servers/" + id);
    Await.until(name + " to be gone", RealLab.PATIENCE, this::gone);
    lab.lab()
        .hosts()
        .forEach(host -> assertThat(lab.leftovers(host.name(), domain)).as(host.name()).isEmpty());
  }

  private boolean gone() {
    try {
      lab.api().get("/v2.1/servers/" + id);
      return false;
    } catch (ApiFailure failure) {
      return failure.status() == 404;
    }
  }
}
