package dev.godwit.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.host.LabFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Whether the lab's server answers, and which hosts it says are up. */
final class Readiness {
  private final ObjectMapper json = new ObjectMapper();
  private final URI api;
  private final Path tokenFile;

  Readiness(URI api, Path tokenFile) {
    this.api = api;
    this.tokenFile = tokenFile;
  }

  boolean answers() {
    try {
      HttpURLConnection call = open("/");
      int status = call.getResponseCode();
      call.disconnect();
      return status == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Names of the hosts whose agents the server hears; none when it does not answer. */
  Set<String> hostsUp() {
    Set<String> up = new HashSet<>();
    try {
      HttpURLConnection call = open("/godwit/v1/hosts");
      call.setRequestProperty("X-Auth-Token", LabFolder.read(tokenFile).orElse("").strip());
      try (InputStream body = call.getInputStream()) {
        for (JsonNode host : json.readTree(body).path("hosts")) {
          if (host.path("up").booleanValue()) {
            up.add(host.path("name").asText());
          }
        }
      } finally {
        call.disconnect();
      }
    } catch (IOException notYet) {
      return Set.of();
    }
    return up;
  }

  private HttpURLConnection open(String path) throws IOException {
    HttpURLConnection call = (HttpURLConnection) api.resolve(path).toURL().openConnection();
    call.setConnectTimeout(1000);
    call.setReadTimeout(2000);
    return call;
  }
}
