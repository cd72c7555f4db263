package dev.godwit.lab.torture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.lab.Lab;
import dev.godwit.lab.demo.Migrations;
import dev.godwit.lab.host.LabFailure;

/** Makes a move take its way. */
final class Turn {
  private final Lab lab;
  private final Kernel kernel;
  private final ApiClient api;

  Turn(Lab lab, Kernel kernel, ApiClient api) {
    this.kernel = kernel;
    this.lab = lab;
    this.api = api;
  }

  void make(Way way, Arsenal.Route route, long number) {
    switch (way) {
      case SUCCESS -> {}
      case EARLY_ABORT, ABORT -> new Migrations(api).abort(route.guest(), number);
      case ROLLBACK -> {
        if (new Qemu(lab, kernel, route.destination(), route.guest()).deliver().isEmpty()) {
          throw new LabFailure("no QEMU at the destination in the midst of a copy");
        }
      }
      case POST_COPY -> force(route.guest(), number);
    }
  }

  private void force(String guest, long number) {
    ObjectNode body = api.object();
    body.putNull("force_complete");
    var _ = api.post("/v2.1/servers/%s/migrations/%d/action".formatted(guest, number), body);
  }
}
