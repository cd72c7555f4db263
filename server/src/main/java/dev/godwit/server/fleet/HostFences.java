package dev.godwit.server.fleet;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Hosts;
import dev.godwit.server.store.Fence;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes somebody's word that a host is dead. A host that is heard, or that answers, is not: its
 * guests may run, and a second run of them elsewhere would ruin their disks.
 */
public final class HostFences {
  private static final Logger LOG = LoggerFactory.getLogger(HostFences.class);

  private final Fleet fleet;
  private final Hosts hosts;

  public HostFences(Fleet fleet, Hosts hosts) {
    this.fleet = fleet;
    this.hosts = hosts;
  }

  /** Records it; refuses where the host lives. A repeat is a no-op: the first word stays. */
  public Optional<Refusal> fence(HostName host, Fence fence) {
    if (fleet.fenced().containsKey(host)) {
      return Optional.empty();
    }
    if (answers(host) || !fleet.fence(host, fence)) {
      return Optional.of(
          new Refusal(
              "host-alive",
              host.value(),
              "a host that is switched off",
              "one that was heard within the last %d s, or whose address takes or refuses a connection"
                  .formatted(Fleet.HEARD_WITHIN.toSeconds()),
              "Switch it off, or cut its power; say so when it is certain that it runs no guest."));
    }
    LOG.atWarn()
        .addKeyValue("host", host)
        .addKeyValue("by", fence.by())
        .addKeyValue("reason", fence.reason().orElse(""))
        .log("a host is known dead, until it is heard again");
    return Optional.empty();
  }

  private boolean answers(HostName host) {
    return fleet
        .find(host)
        .filter(known -> hosts.answers(host, known.row().inventory().agentTarget()))
        .isPresent();
  }
}
