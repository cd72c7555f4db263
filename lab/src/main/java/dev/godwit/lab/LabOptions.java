package dev.godwit.lab;

import static dev.godwit.lab.host.Addresses.number;

import dev.godwit.lab.host.LabFailure;
import java.util.Optional;

/**
 * What to bring up.
 *
 * @param hosts how many, 1 to 9
 * @param tls libvirt and QEMU use certificates; otherwise plain, said so in the configuration
 * @param godwit server and agents too
 * @param servers how many and on what; empty for those that the lab has, or one with everything
 *     built in
 * @param lockd libvirt's lock manager keeps two hosts from running one guest; otherwise the hosts
 *     are as libvirt's packages make them, or as the running lab has them
 */
public record LabOptions(
    int hosts, boolean tls, boolean godwit, Optional<LabServers> servers, boolean lockd) {
  /** Two hosts, plain, with server and agents. */
  public static final LabOptions DEFAULT = new LabOptions(2, false, true);

  public LabOptions {
    if (hosts < 1 || hosts > 9 || number("h" + hosts) != hosts) {
      throw LabFailure.usage("hosts: expected 1 to 9, found " + hosts);
    }
  }

  /** With the servers that the lab has, or one. */
  public LabOptions(int hosts, boolean tls, boolean godwit) {
    this(hosts, tls, godwit, Optional.empty(), false);
  }

  /** With libvirt's lock manager. */
  public LabOptions withLockd() {
    return new LabOptions(hosts, tls, godwit, servers, true);
  }
}
