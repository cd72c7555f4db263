package dev.godwit.libvirt;

import java.util.List;

/** Puts a host back to having no guest. */
final class Guests {
  private Guests() {}

  static void remove(Connection connection) {
    for (DomainSummary summary : connection.list(List.of())) {
      Domain domain = connection.domain(summary.uuid());
      quietly(domain::destroy);
      quietly(domain::undefine);
    }
  }

  private static void quietly(Runnable act) {
    try {
      act.run();
    } catch (LibvirtException e) {
      if (!e.isNoDomain() && !e.isOperationInvalid()) {
        throw e;
      }
    }
  }
}
