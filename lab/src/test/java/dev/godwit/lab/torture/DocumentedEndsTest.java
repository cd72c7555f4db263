package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.transfer.Row;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.torture.DocumentedEnd.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which cases may end otherwise than well; nothing is started here. */
final class DocumentedEndsTest {
  private static final Moment RESUMED = new Moment.Resumed();
  private static final Moment COMMIT = new Moment.Entry("COMMIT");
  private static final Moment HALF = new Moment.Copying(2, 4);

  private final Documented documented = new Documented();

  private static List<Case> all() {
    return Arrays.stream(Mode.values()).flatMap(mode -> new Matrix(mode).all().stream()).toList();
  }

  private static Case success(Storage storage, Victim victim, Harm harm, Moment moment) {
    return new Case(storage, Way.SUCCESS, victim, harm, moment);
  }

  /** A migration that is not over, and of which the API tells that something can be done. */
  private static MigrationView asks(String wayOut) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("phase", "SETTLING").put("why", "it waits");
    json.putObject("way_out").putArray(wayOut).add("h1");
    return new MigrationView(json);
  }

  private Optional<String> held(Case it, String wayOut) {
    return documented.held(it, asks(wayOut));
  }

  @Test
  void no_case_of_godwits_own_processes_and_the_ways_to_them_is_excused() {
    assertThat(all().stream().filter(it -> it.victim().outlived() && !it.way().compound()))
        .isNotEmpty()
        .allSatisfy(it -> {
          assertThat(DocumentedEnds.of(it)).isEmpty();
          assertThat(Stream.of("end", "home", "resume").map(out -> held(it, out)))
              .allSatisfy(why -> assertThat(why).isEmpty());
        });
  }

  @Test
  void a_way_that_harms_libvirt_itself_may_cost_what_that_costs_and_no_more() {
    Moment suspending = new Moment.Entry("TRANSFER_FAILED", "DESTINATION_SUSPENDED");
    Case split = new Case(Storage.COPIED, Way.SPLIT, Victim.SERVER, Harm.KILL, suspending);
    assertThat(DocumentedEnds.of(split))
        .extracting(DocumentedEnd::kind)
        .containsExactly(Kind.LOSE_A_COPY);
    assertThat(Stream.of("end", "home", "resume").map(out -> held(split, out)))
        .allSatisfy(why -> assertThat(why).isEmpty());
    assertThat(all().stream().filter(it -> it.way().losesPower()))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(DocumentedEnds.of(it)).isEmpty());
  }

  @Test
  void an_alarm_that_names_a_way_out_is_no_excuse_where_no_row_holds_the_move() {
    assertThat(held(success(Storage.SHARED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, HALF), "end"))
        .isEmpty();
    assertThat(held(success(Storage.COPIED, Victim.SOURCE_LIBVIRTD, Harm.KILL, RESUMED), "home"))
        .isEmpty();
    assertThat(held(success(Storage.SHARED, Victim.LINK_OF_HOSTS, Harm.LONG_CUT, RESUMED), "end"))
        .isEmpty();
    assertThat(
            held(
                success(
                    Storage.COPIED,
                    Victim.DESTINATION_DISK,
                    Harm.FILL,
                    new Moment.Entry("TRANSFER")),
                "end"))
        .isEmpty();
  }

  @Test
  void an_operator_may_be_asked_only_for_what_the_row_says() {
    Case split = success(Storage.SHARED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, RESUMED);
    assertThat(held(split, "end")).hasValueSatisfying(why -> assertThat(why).contains("SPLIT"));
    assertThat(held(split, "home")).isEmpty();
    Case lost = success(Storage.COPIED, Victim.INCOMING_QEMU, Harm.KILL, RESUMED);
    assertThat(held(lost, "home")).hasValueSatisfying(why -> assertThat(why).contains("LOST"));
  }

  @Test
  void a_guest_whose_memory_lies_on_two_hosts_may_be_lost_with_either() {
    Case it = new Case(Storage.SHARED, Way.POST_COPY, Victim.DESTINATION_HOST, Harm.KILL, COMMIT);
    assertThat(held(it, "end"))
        .hasValueSatisfying(why -> assertThat(why).contains("POST_COPY_LOST"));
    Case frozen =
        new Case(Storage.SHARED, Way.POST_COPY, Victim.DESTINATION_LIBVIRTD, Harm.FREEZE, COMMIT);
    assertThat(held(frozen, "end")).isEmpty();
  }

  @Test
  void every_documented_end_is_one_of_some_case_and_names_a_row_or_a_page_that_is_there()
      throws IOException {
    String page = Files.readString(Path.of("../docs/architecture.md"));
    assertThat(page).contains("**What is held**").contains("One break cannot be recovered");
    List<String> rows = Arrays.stream(Row.values()).map(Row::name).toList();
    assertThat(DocumentedEnds.all())
        .allSatisfy(end -> {
          assertThat(all()).as(end.toString()).anyMatch(end.when()::has);
          assertThat(end.by()).isIn(concat(rows, DocumentedEnd.ARCHITECTURE));
          assertThat(end.because()).isNotBlank();
        });
  }

  private static List<String> concat(List<String> rows, String page) {
    return Stream.concat(rows.stream(), Stream.of(page)).toList();
  }

  @Test
  void a_guest_is_started_again_only_when_its_own_qemu_was_killed() {
    assertThat(all().stream().filter(it -> DocumentedEnds.may(it, Kind.START_AGAIN)))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.victim().holdsMemory()).isTrue());
    assertThat(
            DocumentedEnds.may(
                success(Storage.COPIED, Victim.SOURCE_HOST, Harm.KILL, COMMIT), Kind.START_AGAIN))
        .isFalse();
  }

  @Test
  void only_what_harms_libvirt_or_qemu_may_cost_what_a_copy_did() {
    assertThat(
            all().stream()
                .filter(it -> !it.way().compound())
                .filter(it -> DocumentedEnds.may(it, Kind.LOSE_A_COPY))
                .map(Case::victim)
                .distinct())
        .containsExactlyInAnyOrder(
            Victim.DESTINATION_LIBVIRTD, Victim.INCOMING_QEMU, Victim.DESTINATION_HOST);
  }
}
