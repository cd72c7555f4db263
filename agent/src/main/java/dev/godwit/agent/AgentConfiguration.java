package dev.godwit.agent;

import dev.godwit.core.model.HostName;
import dev.godwit.wire.MutualTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an agent is set up.
 *
 * @param address where the server and other hosts reach this one
 * @param bindPort where the agent serves; 0 for any free port
 * @param servers host:port of the servers' registries
 * @param stopPatience how long a guest may take to shut down before it is powered off
 * @param bridge the host bridge of guests' network cards; empty when there is none
 */
public record AgentConfiguration(
    HostName host,
    String address,
    int bindPort,
    Path stateDirectory,
    List<String> servers,
    Duration stopPatience,
    Daemon daemon,
    Directories directories,
    Optional<String> bridge,
    MutualTls tls) {
  public AgentConfiguration {
    servers = List.copyOf(servers);
  }

  /**
   * The local libvirt daemon, with Nova's names where the meaning is the same.
   *
   * @param virtType kvm, qemu, or empty to find out
   * @param liveMigrationUri this daemon's URI as other hosts reach it, %s standing for the address
   * @param nativeTls QEMU's own TLS is wanted for memory and disks
   * @param inboundAddress where QEMU listens for arriving guests
   * @param plainTextPermitted memory and disks may cross the wire unencrypted
   */
  public record Daemon(
      String uri,
      Optional<String> virtType,
      String liveMigrationUri,
      boolean nativeTls,
      String inboundAddress,
      boolean plainTextPermitted) {}

  /**
   * Where instances' disks are made.
   *
   * @param shared a directory that other hosts have too
   * @param local this host's own
   */
  public record Directories(Optional<Path> shared, Path local) {}
}
