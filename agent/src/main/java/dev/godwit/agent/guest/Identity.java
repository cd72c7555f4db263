package dev.godwit.agent.guest;

import dev.godwit.agent.disk.Durable;
import dev.godwit.agent.host.HostTrouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Tells this machine from another whose agent has the same configuration: an id of the state
 * directory, which a copied configuration does not bring along, with libvirt's host UUID, which a
 * copied disk does not.
 */
record Identity(UUID id) {
  /** The one kept there; made when there is none. {@link HostTrouble} for a broken one. */
  static Identity in(Path stateDirectory, Supplier<UUID> ids) {
    Path file = stateDirectory.resolve("identity");
    try {
      return new Identity(UUID.fromString(Files.readString(file).strip()));
    } catch (NoSuchFileException e) {
      return made(file, ids.get());
    } catch (IOException | IllegalArgumentException e) {
      throw new HostTrouble(
          "%s: expected the id of this agent, a UUID, found %s. Restore it; the server's refusal names the one it knows."
              .formatted(file, e.getMessage()));
    }
  }

  private static Identity made(Path file, UUID id) {
    Identity fresh = new Identity(id);
    Path unfinished = file.resolveSibling("identity.new");
    try {
      Durable.directories(file.resolveSibling(""));
      Durable.write(file, unfinished, (fresh.id + "\n").getBytes(StandardCharsets.US_ASCII));
      return fresh;
    } catch (IOException e) {
      throw new HostTrouble(
          "%s: the id of this agent cannot be kept: %s. Make the state directory writable."
              .formatted(file, e));
    }
  }

  /** With libvirt's host UUID, which may be empty. */
  String with(String hostUuid) {
    return hostUuid.isEmpty() ? id.toString() : hostUuid + "/" + id;
  }
}
