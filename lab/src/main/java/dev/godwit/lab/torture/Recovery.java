package dev.godwit.lab.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Measures cases by the untouched moves of their kind. */
final class Recovery {
  private final Untouched untouched = new Untouched();

  /** Takes note of a move that nobody struck. */
  void untouched(Case it, Trial.Course course) {
    untouched.add(it, new Untouched.Run(course.entries(), course.turned()));
  }

  CaseReport.Figures figures(
      Case it, Optional<Trial.Course> course, Witness witness, Instant began) {
    return new CaseReport.Figures(
        course.map(Trial.Course::struckAt).orElse(""),
        course.map(Trial.Course::status).orElse(""),
        millis(course.flatMap(run -> recovery(it, run, witness))),
        millis(course.flatMap(Trial.Course::blow).map(Untouched.Blow::start)),
        millis(course.flatMap(run -> late(it, run, witness))),
        witness.together().toMillis(),
        Duration.between(began, Instant.now()).toMillis());
  }

  private static @Nullable Long millis(Optional<Duration> time) {
    return time.map(Duration::toMillis).orElse(null);
  }

  private Optional<Duration> recovery(Case it, Trial.Course course, Witness witness) {
    return end(it, course, witness)
        .flatMap(end -> course.blow().map(blow -> untouched.recovery(it, blow, end)));
  }

  /** How much later a move was over than its copy and a start needed; of killed processes only. */
  Optional<Duration> late(Case it, Trial.Course course, Witness witness) {
    return end(it, course, witness)
        .filter(_ -> Promise.of(it))
        .flatMap(end -> course.blow().map(blow -> untouched.late(it, blow, end)));
  }

  /** None where it is held. */
  private static Optional<Untouched.End> end(Case it, Trial.Course course, Witness witness) {
    return course.held().isPresent() || course.entries().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Untouched.End(
                course.entries().getLast().at(),
                course.status().equals(it.way().status()),
                witness.copyBegan()));
  }
}
