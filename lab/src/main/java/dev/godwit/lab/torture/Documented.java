package dev.godwit.lab.torture;

import dev.godwit.lab.demo.MigrationView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ends that are not as one would wish and are what docs/decision-table.md says: libvirt or QEMU
 * left nothing better.
 */
final class Documented {
  /** The row of a second copy that libvirt makes, and what holds a migration that has one. */
  private static final Set<String> SPLIT = Set.of("SPLIT", "STRAY");

  private final Scene scene;

  Documented(Scene scene) {
    this.scene = scene;
  }

  /**
   * Why a migration that is not over waits for an operator, who is told a way out that such a case
   * may need, because of what may hold it; empty when it should go on.
   */
  Optional<String> held(Case it, MigrationView now) {
    return now.ended()
        ? Optional.empty()
        : DocumentedEnds.of(it, scene).stream()
            .filter(end -> end.told(now.wayOut()))
            .findFirst()
            .map(end -> "%s (%s: %s)".formatted(now.why().orElse(""), end.by(), end.because()));
  }

  /** True when what was struck makes a libvirtd forget what is its own. */
  boolean libvirtForgets(Case it) {
    return it.way() == Way.SPLIT || it.way().losesPower() || killsLibvirt(it);
  }

  private static boolean killsLibvirt(Case it) {
    return it.harm() == Harm.KILL && strikesLibvirt(it);
  }

  private static boolean strikesLibvirt(Case it) {
    return switch (it.victim()) {
      case SOURCE_LIBVIRTD, DESTINATION_LIBVIRTD, SOURCE_HOST, DESTINATION_HOST -> true;
      default -> false;
    };
  }

  /** True when both libvirtds live and are let run all the time: their events are all there. */
  boolean libvirtTells(Case it) {
    return !strikesLibvirt(it) && it.way() != Way.SPLIT && !it.way().losesPower();
  }

  /** True for a leftover that is libvirt's own, and that it forgot because of what was struck. */
  boolean forgotten(Case it, String leftover) {
    return (libvirtForgets(it) && LibvirtsOwn.is(leftover))
        || (losesPower(it) && LibvirtsOwn.lease(leftover));
  }

  /** True when a host's lock daemon goes, too. */
  boolean losesPower(Case it) {
    return it.way().losesPower()
        || it.victim() == Victim.SOURCE_HOST
        || it.victim() == Victim.DESTINATION_HOST;
  }

  /**
   * True when the case may cost what a copy did, and libvirt's own events or the kernel show that
   * one ran at the destination and the source ran on.
   */
  boolean gaveUpACopy(Case it, Copies copies) {
    return DocumentedEnds.may(it, scene, DocumentedEnd.Kind.LOSE_A_COPY) && copies.ranOn();
  }

  /**
   * True when libvirt may make two copies run in the case, and its events show that it did so by
   * itself.
   */
  boolean split(Case it, Copies copies) {
    return DocumentedEnds.of(it, scene).stream().anyMatch(end -> SPLIT.contains(end.by()))
        && copies.splitByLibvirt();
  }

  /** True when the guest's own QEMU was killed, alone or with its host. */
  boolean ended(Case it, List<Journal.Entry> entries) {
    boolean moved = entries.stream().anyMatch(entry -> entry.transition().equals("COMMIT"));
    return DocumentedEnds.may(it, scene, DocumentedEnd.Kind.START_AGAIN)
        && moved == it.victim().atDestination();
  }
}
