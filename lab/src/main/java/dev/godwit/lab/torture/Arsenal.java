package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;

/** Makes a case's strike ready. */
final class Arsenal {
  private final Lab lab;
  private final Kernel kernel;

  Arsenal(Lab lab, Kernel kernel) {
    this.lab = lab;
    this.kernel = kernel;
  }

  /** A guest's move from one host to another. */
  record Route(String guest, String source, String destination) {}

  Strike ready(Case it, Route route) {
    return switch (it.victim()) {
      case NOBODY -> new Nothing();
      case SERVER -> process(it, "server", "server");
      case SOURCE_AGENT -> process(it, route.source(), "agent");
      case DESTINATION_AGENT -> process(it, route.destination(), "agent");
      case SOURCE_LIBVIRTD -> process(it, route.source(), "libvirtd");
      case DESTINATION_LIBVIRTD -> process(it, route.destination(), "libvirtd");
      case INCOMING_QEMU -> qemu(it, route.destination(), route);
      case SOURCE_QEMU -> qemu(it, route.source(), route);
      case SOURCE_HOST -> new PowerCut(lab, route.source());
      case DESTINATION_HOST -> new PowerCut(lab, route.destination());
      case LINK_OF_HOSTS -> new LinkCut(lab, route.source(), route.destination());
      case LINK_TO_SOURCE -> new LinkCut(lab, "server", route.source());
      case LINK_TO_DESTINATION -> new LinkCut(lab, "server", route.destination());
      case DESTINATION_DISK -> new FullDisk(lab, route.destination());
    };
  }

  /** What makes a move take its way. */
  Strike ready(Way way, Route route) {
    return switch (way) {
      case SUCCESS, AUTOSTART, EARLY_ABORT, ABORT, POST_COPY -> new Nothing();
      case ROLLBACK -> new Qemu(lab, kernel, route.destination(), route.guest(), true);
      case BROKEN_POST_COPY -> new LinkCut(lab, route.source(), route.destination());
      case SPLIT ->
          new ProcessStrike(
              lab, kernel, new ProcessStrike.Place(route.destination(), "libvirtd"), true);
      case FENCED_SOURCE -> new PowerCut(lab, route.source());
      case FENCED_DESTINATION -> new PowerCut(lab, route.destination());
      case PREPARE_FAILURE -> new FullDisk(lab, route.destination());
    };
  }

  private Strike qemu(Case it, String host, Route route) {
    return new Qemu(lab, kernel, host, route.guest(), it.harm() == Harm.KILL);
  }

  private Strike process(Case it, String host, String daemon) {
    return new ProcessStrike(
        lab, kernel, new ProcessStrike.Place(host, daemon), it.harm() == Harm.KILL);
  }
}
