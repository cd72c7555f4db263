package dev.godwit.lab.torture;

import dev.godwit.lab.demo.MigrationView;
import java.util.List;
import java.util.Optional;

/**
 * Ends that are not as one would wish and are what docs/decision-table.md says: libvirt or QEMU
 * left nothing better.
 */
final class Documented {
  /** Transitions by which a copy that ran is given up: what it did is lost. */
  private static final List<String> GIVEN_UP = List.of("DESTINATION_RAN", "SOURCE_RAN");

  private static final String COPIES_ONLY = "the destination may have run it, on copies";

  /**
   * Why a migration that is not over waits for an operator, who is told a way out that such a case
   * may need; empty when it should go on.
   */
  Optional<String> held(Case it, MigrationView now) {
    return now.ended()
        ? Optional.empty()
        : DocumentedEnds.of(it).stream()
            .filter(end -> end.kind().told(now.wayOut()))
            .findFirst()
            .map(end -> "%s (%s: %s)".formatted(now.why().orElse(""), end.by(), end.because()));
  }

  /** True when what was struck makes a libvirtd forget what is its own. */
  boolean libvirtForgets(Case it) {
    return it.harm() == Harm.KILL
        && switch (it.victim()) {
          case SOURCE_LIBVIRTD, DESTINATION_LIBVIRTD, SOURCE_HOST, DESTINATION_HOST -> true;
          default -> false;
        };
  }

  /** True when libvirt had two copies run, each with disks of its own, and one was to be lost. */
  boolean gaveUpACopy(Case it, List<Journal.Entry> entries) {
    return DocumentedEnds.may(it, DocumentedEnd.Kind.LOSE_A_COPY)
        && entries.stream()
            .anyMatch(entry ->
                GIVEN_UP.contains(entry.transition()) || entry.why().contains(COPIES_ONLY));
  }

  /** True when libvirt made two running copies, and Godwit saw it and ended the one. */
  boolean split(List<Journal.Entry> entries) {
    return entries.stream()
        .anyMatch(entry ->
            GIVEN_UP.contains(entry.transition())
                || entry.step().filter("DESTINATION_SUSPENDED"::equals).isPresent());
  }

  /** True when the guest's own QEMU was killed, alone or with its host. */
  boolean ended(Case it, List<Journal.Entry> entries) {
    boolean moved = entries.stream().anyMatch(entry -> entry.transition().equals("COMMIT"));
    return DocumentedEnds.may(it, DocumentedEnd.Kind.START_AGAIN)
        && moved == it.victim().atDestination();
  }
}
