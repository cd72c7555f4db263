package dev.godwit.core.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Something on a host that carries Godwit's mark, or lies in Godwit's places, as its agent sees it.
 *
 * @param name its path, libvirt's name, or a number, whichever the kind has
 * @param instance whose it says it is
 * @param migration which migration says that it made it; empty for what no migration is making
 * @param seen what the agent saw, for people
 * @param common it is in a directory that other hosts have too, where they may use it
 * @param kept why nothing may remove it; empty when the agent sees nothing against that
 * @param age since it was last changed; by the host's clock
 */
public record Trace(
    Kind kind,
    String name,
    Optional<InstanceId> instance,
    Optional<MigrationId> migration,
    String seen,
    boolean common,
    Optional<String> kept,
    Duration age) {
  /** What there is. */
  public enum Kind {
    /** A disk with Godwit's marker beside it, or the marker alone. */
    DISK,
    /** A file by which hosts find out whether they share a directory. */
    PROOF,
    /** What was written by half. */
    UNFINISHED,
    /** An instance's directory with nothing in it, or with files that nobody marked. */
    DIRECTORY,
    /** A domain with Godwit's metadata. */
    DOMAIN,
    /** What an agent remembers of a migration that is not over for it. */
    NOTE,
    /** A port on which QEMU waits for a guest. */
    PORT
  }
}
