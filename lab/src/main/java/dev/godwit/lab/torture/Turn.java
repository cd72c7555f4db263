package dev.godwit.lab.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.demo.Migrations;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;

/** Makes a move take its way; what that harms is harmed besides the case's victim. */
final class Turn implements AutoCloseable {
  /** A host counts as heard for some seconds after its last word. */
  private static final Duration FENCE = Duration.ofSeconds(30);

  private static final Duration ASK_EACH = Duration.ofMillis(500);
  private static final Moment COMMIT = new Moment.Entry("COMMIT");

  private final ApiClient api;
  private final Kernel kernel;
  private final Case it;
  private final Arsenal.Route route;
  private final Strike harm;
  private final Hold hold;

  /** Makes ready what the way needs. */
  Turn(Ground ground, Kernel kernel, Case it, Arsenal.Route route) {
    this.api = ground.api();
    this.kernel = kernel;
    this.it = it;
    this.route = route;
    this.harm = new Arsenal(ground.lab(), kernel).ready(it.way(), route);
    this.hold = new Hold(ground.lab(), kernel, it.untouched());
  }

  void make(Lookout lookout) {
    switch (it.way()) {
      case SUCCESS, AUTOSTART -> {}
      case EARLY_ABORT, ABORT -> new Migrations(api).abort(route.guest(), lookout.number());
      case ROLLBACK -> must("no QEMU at the destination in the midst of a copy");
      case POST_COPY -> force(lookout.number());
      case BROKEN_POST_COPY -> {
        force(lookout.number());
        if (lookout.await(COMMIT)) {
          must("the link could not be cut");
        }
      }
      case SPLIT -> {
        must("no libvirtd at the destination when the guest was resumed there");
        Await.rest("libvirt to lose Finish's answer", Harm.KILL.time());
        harm.undo();
      }
      case FENCED_SOURCE -> fence(route.source());
      case FENCED_DESTINATION -> fence(route.destination());
      case PREPARE_FAILURE -> {
        hold.take();
        try {
          must("the disk could not be filled");
        } finally {
          hold.letGo();
        }
      }
    }
  }

  private void must(String otherwise) {
    kernel.hurry(true);
    try {
      if (harm.deliver().isEmpty()) {
        throw new LabFailure(otherwise);
      }
    } finally {
      kernel.hurry(false);
    }
  }

  /** Cuts a host's power, and says that it is dead as soon as that is believed. */
  private void fence(String host) {
    must("the power could not be cut");
    Await.until("the fence of " + host, FENCE, ASK_EACH, () -> fenced(host));
  }

  private boolean fenced(String host) {
    ObjectNode body = api.object();
    body.put("powered_off", true).put("reason", "its power was cut");
    try {
      JsonNode _ = api.post("/godwit/v1/hosts/" + host + "/fence", body);
      return true;
    } catch (ApiFailure stillHeard) {
      return false;
    }
  }

  /** Gives back what the way took, when that has had its effect. */
  void giveBack(Lookout lookout) {
    if (it.way().back().isPresent()) {
      boolean _ = lookout.await(it.way().back().get());
      harm.undo();
    }
  }

  private void force(long number) {
    ObjectNode body = api.object();
    body.putNull("force_complete");
    var _ =
        api.post("/v2.1/servers/%s/migrations/%d/action".formatted(route.guest(), number), body);
  }

  @Override
  public void close() {
    harm.close();
  }
}
