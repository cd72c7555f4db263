package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.Hold;
import dev.godwit.core.migration.transfer.Row;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.torture.DocumentedEnd.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which cases may end otherwise than well; nothing is started here. */
final class DocumentedEndsTest {
  private static final Moment RESUMED = new Moment.Resumed();
  private static final Moment COMMIT = new Moment.Entry("COMMIT");
  private static final Moment HALF = new Moment.Copying(2, 4);

  private static final Scene EMULATED = new Scene(Mode.PLAIN, true);
  private static final Scene KVM = new Scene(Mode.PLAIN, false);

  /** All cases of all modes, each in its own. */
  private static Stream<Map.Entry<Scene, Case>> everywhere() {
    return Arrays.stream(Mode.values())
        .flatMap(mode ->
            new Matrix(mode).all().stream().map(it -> Map.entry(new Scene(mode, true), it)));
  }

  private static List<Case> all() {
    return everywhere().map(Map.Entry::getValue).toList();
  }

  private static Case success(Storage storage, Victim victim, Harm harm, Moment moment) {
    return new Case(storage, Way.SUCCESS, victim, harm, moment);
  }

  /** A migration that is not over, and of which the API tells that something can be done. */
  private static MigrationView asks(String because, String wayOut) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("phase", "SETTLING").put("why", "it waits");
    json.putObject("way_out").put("because", because).putArray(wayOut).add("h1");
    return new MigrationView(json);
  }

  private static Optional<String> held(Scene scene, Case it, String because, String wayOut) {
    return new Documented(scene).held(it, asks(because, wayOut));
  }

  private static Optional<String> held(Case it, String because, String wayOut) {
    return held(EMULATED, it, because, wayOut);
  }

  /** Held on whatever there is, with whatever may be done. */
  private static Stream<Optional<String>> heldOnAny(Case it) {
    return words().stream()
        .flatMap(word -> Stream.of("end", "home", "resume").map(out -> held(it, word, out)));
  }

  private static List<String> words() {
    return Stream.of(Row.values(), Hold.values()).flatMap(Stream::of).map(Enum::name).toList();
  }

  private static List<DocumentedEnd> ends(Case it) {
    return DocumentedEnds.of(it, EMULATED);
  }

  @Test
  void no_case_of_godwits_own_processes_and_the_ways_to_them_is_excused() {
    assertThat(all().stream().filter(it -> it.victim().outlived() && !it.way().compound()))
        .isNotEmpty()
        .allSatisfy(it -> {
          assertThat(ends(it)).isEmpty();
          assertThat(heldOnAny(it)).allSatisfy(why -> assertThat(why).isEmpty());
        });
  }

  @Test
  void a_way_that_harms_libvirt_itself_may_cost_what_that_costs_and_no_more() {
    Moment suspending = new Moment.Entry("TRANSFER_FAILED", "DESTINATION_SUSPENDED");
    Case split = new Case(Storage.COPIED, Way.SPLIT, Victim.SERVER, Harm.KILL, suspending);
    assertThat(ends(split)).extracting(DocumentedEnd::kind).containsExactly(Kind.LOSE_A_COPY);
    assertThat(heldOnAny(split)).allSatisfy(why -> assertThat(why).isEmpty());
    assertThat(all().stream().filter(it -> it.way().losesPower()))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(ends(it)).isEmpty());
  }

  @Test
  void an_alarm_that_names_a_way_out_is_no_excuse_where_no_row_holds_the_move() {
    assertThat(
            Stream.of(
                    success(Storage.SHARED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, HALF),
                    success(Storage.COPIED, Victim.SOURCE_LIBVIRTD, Harm.KILL, RESUMED),
                    success(Storage.SHARED, Victim.LINK_OF_HOSTS, Harm.LONG_CUT, RESUMED),
                    success(
                        Storage.COPIED,
                        Victim.DESTINATION_DISK,
                        Harm.FILL,
                        new Moment.Entry("TRANSFER")))
                .flatMap(DocumentedEndsTest::heldOnAny))
        .allSatisfy(why -> assertThat(why).isEmpty());
  }

  @Test
  void an_operator_may_be_asked_only_for_what_the_row_says() {
    Case split = success(Storage.SHARED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, RESUMED);
    assertThat(held(split, "STRAY", "end"))
        .hasValueSatisfying(why -> assertThat(why).contains("it waits (STRAY: "));
    assertThat(held(split, "STRAY", "home")).isEmpty();
    Case lost = success(Storage.COPIED, Victim.INCOMING_QEMU, Harm.KILL, RESUMED);
    assertThat(held(lost, "LOST", "home"))
        .hasValueSatisfying(why -> assertThat(why).contains("LOST"));
  }

  @Test
  void a_guest_whose_memory_lies_on_two_hosts_may_be_lost_with_either() {
    Case it = new Case(Storage.SHARED, Way.POST_COPY, Victim.DESTINATION_HOST, Harm.KILL, COMMIT);
    assertThat(held(it, "POST_COPY_LOST", "end")).isPresent();
    Case frozen =
        new Case(Storage.SHARED, Way.POST_COPY, Victim.DESTINATION_LIBVIRTD, Harm.FREEZE, COMMIT);
    assertThat(heldOnAny(frozen)).allSatisfy(why -> assertThat(why).isEmpty());
  }

  @Test
  void a_hold_is_documented_by_what_it_says_of_itself_and_not_by_what_may_be_done() {
    Case split = success(Storage.SHARED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, RESUMED);
    assertThat(Stream.of("", "BOTH_STOPPED", "LAST_COPY").map(word -> held(split, word, "end")))
        .allSatisfy(why -> assertThat(why).isEmpty());
    Case broken =
        new Case(
            Storage.SHARED, Way.BROKEN_POST_COPY, Victim.NOBODY, Harm.NONE, new Moment.Turned());
    assertThat(held(broken, "POST_COPY_HANGS", "end")).isPresent();
    assertThat(held(broken, "POST_COPY_LOST", "end")).isEmpty();
    assertThat(held(broken, "POST_COPY_SOURCE_GONE", "end")).isEmpty();
  }

  @Test
  void a_qemu_that_hangs_on_a_page_is_an_excuse_only_where_it_emulates_the_guest() {
    assertThat(all().stream().filter(it -> held(it, "POST_COPY_HANGS", "end").isPresent()))
        .isNotEmpty()
        .allSatisfy(it -> {
          assertThat(it.way().postCopy()).isTrue();
          assertThat(held(KVM, it, "POST_COPY_HANGS", "end")).isEmpty();
        });
  }

  @Test
  void
      nothing_is_lost_or_left_by_a_split_where_a_strict_hand_over_or_the_lock_manager_forbids_it() {
    assertThat(
            everywhere()
                .filter(each -> each.getValue().victim() == Victim.DESTINATION_LIBVIRTD)
                .filter(each -> each.getKey().mode().guarded()))
        .isNotEmpty()
        .allSatisfy(each -> {
          assertThat(DocumentedEnds.may(each.getValue(), each.getKey(), Kind.LOSE_A_COPY))
              .isFalse();
          assertThat(held(each.getKey(), each.getValue(), "STRAY", "end")).isEmpty();
        });
  }

  @Test
  void a_paused_arrival_may_be_old_only_in_a_strict_hand_over() {
    Case it = success(Storage.SHARED, Victim.SOURCE_HOST, Harm.KILL, HALF);
    assertThat(held(it, "STRICT_MAY_BE_OLD", "end")).isEmpty();
    assertThat(held(new Scene(Mode.STRICT, true), it, "STRICT_MAY_BE_OLD", "end")).isPresent();
  }

  @Test
  void every_documented_end_is_one_of_some_case_and_names_a_row_or_a_page_that_is_there()
      throws IOException {
    String page = Files.readString(Path.of("../docs/architecture.md"));
    assertThat(page).contains("**What is held**").contains("One break cannot be recovered");
    assertThat(DocumentedEnds.all())
        .allSatisfy(end -> {
          assertThat(everywhere())
              .as(end.toString())
              .anyMatch(each -> end.when().has(each.getValue(), each.getKey()));
          assertThat(end.by()).isIn(concat(words(), DocumentedEnd.ARCHITECTURE));
          assertThat(end.because()).isNotBlank();
        });
  }

  private static List<String> concat(List<String> rows, String page) {
    return Stream.concat(rows.stream(), Stream.of(page)).toList();
  }

  @Test
  void a_guest_is_started_again_only_when_its_own_qemu_was_killed() {
    assertThat(all().stream().filter(it -> DocumentedEnds.may(it, EMULATED, Kind.START_AGAIN)))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.victim().holdsMemory()).isTrue());
    assertThat(
            DocumentedEnds.may(
                success(Storage.COPIED, Victim.SOURCE_HOST, Harm.KILL, COMMIT),
                EMULATED,
                Kind.START_AGAIN))
        .isFalse();
  }

  @Test
  void only_what_harms_libvirt_or_qemu_may_cost_what_a_copy_did() {
    assertThat(
            all().stream()
                .filter(it -> !it.way().compound())
                .filter(it -> DocumentedEnds.may(it, EMULATED, Kind.LOSE_A_COPY))
                .map(Case::victim)
                .distinct())
        .containsExactlyInAnyOrder(
            Victim.DESTINATION_LIBVIRTD, Victim.INCOMING_QEMU, Victim.DESTINATION_HOST);
  }
}
