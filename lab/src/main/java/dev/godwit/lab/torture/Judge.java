package dev.godwit.lab.torture;

import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Leases;
import dev.godwit.lab.demo.Migrations;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.torture.CaseReport.Finding;
import dev.godwit.lab.torture.CaseReport.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a case and says how it ended, by what is seen from outside. */
final class Judge {
  private static final Duration SETTLE = Duration.ofSeconds(20);
  private static final Duration LOOK_EACH = Duration.ofMillis(200);

  /** Within this time a guest that runs is seen to. */
  private static final Duration SEEN = Duration.ofSeconds(5);

  /** What libvirt splits is one guest again within this time, of which both hosts are there. */
  private static final Duration LONGEST_SPLIT = Duration.ofSeconds(5);

  private static final Moment.Entry BROKE = new Moment.Entry("POST_COPY_BROKE");

  private final boolean stories;
  private final Ground ground;
  private final Journal journal;
  private final Trial trial;
  private final Outside outside;
  private final Operator operator;
  private final Recovery recovery = new Recovery();
  private final Documented documented;
  private final Ends ends = new Ends();

  /**
   * @param emulated guests run without hardware virtualization
   * @param stories tell the story of a case that ended well, too
   */
  Judge(Ground ground, Journal journal, boolean emulated, boolean stories) {
    this.stories = stories;
    this.ground = ground;
    this.journal = journal;
    this.documented = new Documented(new Scene(ground.mode(), emulated));
    this.trial = new Trial(ground, documented);
    this.outside = new Outside(ground);
    this.operator = new Operator(ground);
  }

  /** A case that is being judged. */
  private record Hearing(
      Case it, TortureGuest guest, Outside.Before before, Lookout lookout, Witness witness) {}

  CaseReport judge(Case it) {
    Instant began = Instant.now();
    ground.permitPostCopy(it.way().postCopy());
    TortureGuest guest = ground.guest(it.storage());
    String source = ground.home(guest);
    ground.startWithHost(guest, source, it.way().startsWithHost());
    Arsenal.Route route = new Arsenal.Route(guest.id(), source, Ground.other(source));
    Outside.Before before = outside.before(guest, source);
    try (Witness witness = new Witness(ground.lab(), guest.guest(), route)) {
      Lookout lookout = lookout(guest, route, witness);
      Hearing hearing = new Hearing(it, guest, before, lookout, witness);
      Optional<Trial.Course> course = Optional.empty();
      Finding finding;
      try {
        Trial.Course run = trial.run(it, route, lookout);
        course = Optional.of(run);
        ground.mend();
        finding = told(finding(hearing, run), hearing, run);
      } catch (LabFailure | ApiFailure e) {
        finding = wrong(hearing, course, List.of(String.valueOf(e.getMessage())));
      }
      if (documented.libvirtForgets(it)) {
        Ground.HOSTS.forEach(host -> LibvirtsOwn.clear(ground.lab().host(host)));
      }
      if (documented.losesPower(it)) {
        new Leases(ground.lab()).clearAbandoned();
      }
      return CaseReport.of(
          it, ground.mode(), finding, recovery.figures(it, course, witness, began));
    }
  }

  private Finding told(Finding finding, Hearing hearing, Trial.Course course) {
    return stories && finding.story().isEmpty()
        ? new Finding(
            finding.verdict(), finding.why(), story(hearing, Optional.of(course), List.of()))
        : finding;
  }

  private Lookout lookout(TortureGuest guest, Arsenal.Route route, Witness witness) {
    Destination destination =
        new Destination(
            ground.lab().host(route.destination()),
            guest.guest(),
            witness,
            ground.mode().resumed());
    long before = new Migrations(ground.api()).newest(guest.id());
    return new Lookout(journal, ground.api(), guest.guest(), before, destination);
  }

  private Finding finding(Hearing hearing, Trial.Course course) {
    Finding found = judged(hearing, course);
    if (found.verdict() == Verdict.WRONG) {
      return found;
    }
    // Also of what came after its end, and of what an operator did.
    return twice(hearing, course)
        .map(why -> wrong(hearing, Optional.of(course), List.of(why)))
        .orElseGet(() -> atItsMoment(hearing.it(), course, found));
  }

  /**
   * What is wrong is wrong whenever it was struck; all else counts for the case's moment only, and
   * for the way that it was to take.
   */
  static Finding atItsMoment(Case it, Trial.Course course, Finding found) {
    if (it.way() == Way.BROKEN_POST_COPY && course.entries().stream().noneMatch(BROKE::is)) {
      return new Finding(Verdict.MISSED, "its post-copy was over before its stream broke");
    }
    if (it.victim() == Victim.NOBODY || (course.blow().isPresent() && course.onTime())) {
      return found;
    }
    return new Finding(
        Verdict.MISSED,
        course.struckAt().isEmpty()
            ? "its moment did not come, was gone before the strike could fall, or had nothing to be struck"
            : "it was struck at " + course.struckAt());
  }

  private Finding judged(Hearing hearing, Trial.Course course) {
    if (course.held().isPresent()) {
      return held(hearing, course, course.held().get());
    }
    if (hearing.it().harm() == Harm.FILL) {
      operator.letRunOn(hearing.guest());
    }
    List<String> wrong = awaitQuiet(hearing);
    if (!wrong.isEmpty()) {
      return documented.ended(hearing.it(), course.entries())
              && outside.runsOn(hearing.guest()).isEmpty()
          ? startedAgain(
              hearing,
              course,
              Map.of(),
              "the guest's own QEMU was killed; it started again from its disks")
          : wrong(hearing, Optional.of(course), wrong);
    }
    Optional<String> end = ends.wrong(hearing.it(), course.status(), course.entries());
    if (end.isPresent()) {
      return wrong(hearing, Optional.of(course), List.of(end.get()));
    }
    List<String> lost = outside.lost(hearing.guest(), hearing.before());
    if (!lost.isEmpty()) {
      return documented.gaveUpACopy(hearing.it(), hearing.witness().copies())
          ? new Finding(
              Verdict.HELD, "libvirt had two copies run; what one did is lost: " + lost.getFirst())
          : wrong(hearing, Optional.of(course), lost);
    }
    Optional<String> unseen = unseen(hearing, course);
    if (unseen.isPresent()) {
      return wrong(hearing, Optional.of(course), List.of(unseen.get()));
    }
    if (hearing.it().victim() == Victim.NOBODY) {
      recovery.untouched(hearing.it(), course);
      return new Finding(Verdict.WELL);
    }
    return inTime(hearing, course);
  }

  /**
   * Why the watch for two copies would not have seen them: it has to see the guest run where it is
   * at the end, and both copies of a move that nobody struck.
   */
  private Optional<String> unseen(Hearing hearing, Trial.Course course) {
    boolean arrived = course.status().equals(Way.SUCCESS.status());
    Copies copies = hearing.witness().copies();
    if (arrived && hearing.it().victim() == Victim.NOBODY && copies.blind().isPresent()) {
      return copies.blind();
    }
    Instant over = course.entries().getLast().at();
    try {
      Await.until(
          "the guest to be seen running",
          SEEN,
          LOOK_EACH,
          () -> hearing.witness().copies().home(arrived).after(over));
      return Optional.empty();
    } catch (LabFailure blind) {
      return Optional.of(
          "the watch saw nothing of the %s's copy after the move was over"
              .formatted(arrived ? "destination" : "source"));
    }
  }

  private Finding inTime(Hearing hearing, Trial.Course course) {
    return recovery
        .late(hearing.it(), course, hearing.witness())
        .filter(Promise::broken)
        .map(late ->
            new Finding(
                Verdict.SLOW,
                "it was over %s later than its copy and the start needed, expected %s"
                    .formatted(Seconds.of(late.toMillis()), Seconds.of(Promise.ALLOWED.toMillis())),
                story(hearing, Optional.of(course), List.of())))
        .orElseGet(() -> new Finding(Verdict.WELL));
  }

  /**
   * Two copies that ran at once, unless libvirt made them by itself and Godwit ended that as soon
   * as what was struck was there again.
   */
  private Optional<String> twice(Hearing hearing, Trial.Course course) {
    Duration told =
        documented.libvirtTells(hearing.it())
            ? hearing.witness().copies().together(Instant.now())
            : Duration.ZERO;
    if (!told.isZero()) {
      return Optional.of(
          "by libvirt's events two copies ran at once for %d ms".formatted(told.toMillis()));
    }
    Duration together = hearing.witness().together();
    if (together.isZero()) {
      return Optional.empty();
    }
    Instant ready = course.blow().map(Untouched.Blow::ready).orElse(Instant.MIN);
    boolean ended =
        documented.split(hearing.it(), hearing.witness().copies())
            && hearing.witness().together(ready).compareTo(LONGEST_SPLIT) <= 0;
    return ended
        ? Optional.empty()
        : Optional.of("two copies ran at once for %d ms".formatted(together.toMillis()));
  }

  /** A migration that waits for an operator has to end by what its text tells them to do. */
  private Finding held(Hearing hearing, Trial.Course course, String told) {
    if (outside.runsOn(hearing.guest()).size() > 1) {
      return wrong(hearing, Optional.of(course), List.of("it is held, and both copies run"));
    }
    Map<String, Long> ruledFor = operator.helps(hearing.guest(), hearing.lookout());
    return startedAgain(hearing, course, ruledFor, told);
  }

  /**
   * A guest that is lost starts again from its disks with all that it had synced, and nothing else
   * of it is left.
   */
  private Finding startedAgain(
      Hearing hearing, Trial.Course course, Map<String, Long> ruledFor, String why) {
    Map<String, Long> synced = hearing.guest().synced();
    operator.startAgain(hearing.guest());
    List<String> wrong = awaitQuiet(hearing);
    if (wrong.isEmpty()) {
      boolean gaveUp = documented.gaveUpACopy(hearing.it(), hearing.witness().copies());
      Synced kept =
          new Synced(
              hearing.before().records(), Optional.of(synced).filter(_ -> !gaveUp), ruledFor);
      wrong = kept.wrong(outside.records(hearing.guest())).stream().toList();
    }
    return wrong.isEmpty()
        ? new Finding(Verdict.HELD, why)
        : wrong(hearing, Optional.of(course), wrong);
  }

  /** Looks until nothing is wrong any more, for as long as that may take to settle. */
  private List<String> awaitQuiet(Hearing hearing) {
    List<String> wrong = new ArrayList<>();
    try {
      Await.until(
          "all to be as it must be",
          SETTLE,
          LOOK_EACH,
          () -> {
            wrong.clear();
            outside.wrong(hearing.guest(), hearing.before()).stream()
                .filter(it -> !documented.forgotten(hearing.it(), it))
                .forEach(wrong::add);
            return wrong.isEmpty();
          });
    } catch (LabFailure late) {
      if (wrong.isEmpty()) {
        wrong.add(String.valueOf(late.getMessage()));
      }
    }
    return List.copyOf(wrong);
  }

  private Finding wrong(Hearing hearing, Optional<Trial.Course> course, List<String> why) {
    return new Finding(Verdict.WRONG, why.getFirst(), story(hearing, course, why));
  }

  private List<String> story(Hearing hearing, Optional<Trial.Course> course, List<String> wrong) {
    return new Story(outside, hearing.guest())
        .tell(
            wrong,
            hearing.lookout().entries(),
            hearing.lookout().shown(),
            course.flatMap(Trial.Course::blow));
  }
}
