package dev.godwit.server.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Which migrations are wanted; empty parts want all.
 *
 * @param host source or destination
 * @param changedSince changed then or later
 * @param changedBefore changed then or earlier
 */
public record MigrationFilter(
    Optional<String> host,
    Optional<String> source,
    Optional<String> instance,
    Optional<String> user,
    Optional<String> project,
    Optional<Instant> changedSince,
    Optional<Instant> changedBefore) {
  /** Every migration. */
  public static final MigrationFilter ALL =
      new MigrationFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  static final String SQL =
      """
      (:host IS NULL OR source = :host OR destination = :host)
      AND (:source IS NULL OR source = :source)
      AND (:instance IS NULL OR instance_id = :instance)
      AND (:user IS NULL OR user_id = :user)
      AND (:project IS NULL OR project_id = :project)
      AND (:since IS NULL OR updated_at >= :since)
      AND (:until IS NULL OR updated_at <= :until)
      """;

  /** Those of one instance. */
  public static MigrationFilter ofInstance(String instance) {
    return new MigrationFilter(
        Optional.empty(),
        Optional.empty(),
        Optional.of(instance),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
