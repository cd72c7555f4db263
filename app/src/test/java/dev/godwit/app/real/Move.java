package dev.godwit.app.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.host.Await;
import java.time.Duration;
import java.util.Set;

/** A migration that was accepted. */
record Move(RealLab lab, Guest guest, long number) {
  private static final Set<String> OVER = Set.of("COMPLETED", "CANCELLED", "FAILED");
  private static final long SOME_BYTES = 1L << 20;

  JsonNode show() {
    return lab.api().get("/godwit/v1/migrations/" + number);
  }

  String phase() {
    return show().path("phase").asText();
  }

  /** Waits until guest memory or disk is crossing the wire. */
  Move awaitCopying() {
    Await.until(
        "bytes of migration " + number + " to flow",
        RealLab.PATIENCE,
        () -> {
          JsonNode now = show();
          if (OVER.contains(now.path("phase").asText())) {
            throw new AssertionError("over before it copied: " + now.toPrettyString());
          }
          JsonNode sample = now.path("sample");
          long processed =
              sample.path("memory_processed_bytes").asLong()
                  + sample.path("disk_processed_bytes").asLong();
          return now.path("phase").asText().equals("TRANSFERRING") && processed > SOME_BYTES;
        });
    return this;
  }

  /** Waits for the end and tells all of it; the server may be restarted meanwhile. */
  JsonNode awaitEnd() {
    return awaitEnd(RealLab.PATIENCE);
  }

  JsonNode awaitEnd(Duration patience) {
    Await.until(
        "migration " + number + " to end",
        patience,
        () -> {
          try {
            return OVER.contains(phase());
          } catch (ApiFailure notNow) {
            return false;
          }
        });
    return show();
  }

  void abort() {
    lab.api().delete("/v2.1/servers/" + guest.id() + "/migrations/" + number);
  }

  void forceComplete() {
    ObjectNode body = lab.api().object();
    body.putNull("force_complete");
    lab.api().post("/v2.1/servers/" + guest.id() + "/migrations/" + number + "/action", body);
  }
}
