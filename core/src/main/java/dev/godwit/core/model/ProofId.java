package dev.godwit.core.model;

/**
 * Identity of the proof by which two hosts find out what they share, for one plan of a migration.
 * Each owner of the migration has its own: an earlier one that clears late clears none of a later.
 */
public record ProofId(MigrationId migration, Epoch epoch) {
  /** That of a dry run, which has a migration's id for itself, and no owner. */
  public static ProofId ofDryRun(MigrationId migration) {
    return new ProofId(migration, new Epoch(0));
  }

  /** Reads what {@link #toString} wrote; {@link IllegalArgumentException} when it is none. */
  public static ProofId of(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("proof: expected a migration and an epoch, found " + text);
    }
    ProofId id =
        new ProofId(
            MigrationId.of(text.substring(0, dot)),
            new Epoch(Long.parseLong(text.substring(dot + 1))));
    if (!id.toString().equals(text)) {
      throw new IllegalArgumentException("proof: expected %s, found %s".formatted(id, text));
    }
    return id;
  }

  @Override
  public String toString() {
    return migration + "." + epoch.value();
  }
}
