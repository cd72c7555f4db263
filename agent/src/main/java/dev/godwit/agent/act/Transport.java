package dev.godwit.agent.act;

import dev.godwit.agent.host.QemuCertificates;
import dev.godwit.core.migration.plan.TransferPlan;
import java.util.Optional;

/**
 * How a guest's memory and disks may leave this host.
 *
 * @param plainTextPermitted they may cross the wire unencrypted
 */
public record Transport(boolean plainTextPermitted, QemuCertificates certificates) {
  /** Why a plan must not be carried out from here; empty when it may. */
  Optional<String> objection(TransferPlan plan) {
    if (plan.nativeTls()) {
      return certificates.sending()
          ? Optional.empty()
          : Optional.of(
              "expected QEMU's client certificates on the source, which the destination has its server ones for; found none that are valid now. Install ca-cert.pem, client-cert.pem and client-key.pem in /etc/pki/qemu.");
    }
    return plainTextPermitted
        ? Optional.empty()
        : Optional.of(
            "expected TLS, for the source's configuration does not permit plain text; the plan is without. Install QEMU's certificates on both hosts, or set plain_text_permitted on both.");
  }
}
