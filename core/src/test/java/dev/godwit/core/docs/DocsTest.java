package dev.godwit.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What docs/ shows of the code is what the code is. */
class DocsTest {
  private static void isCurrent(String page, String printed) {
    if (Pages.write()) {
      Pages.write(page, printed);
    }
    assertThat(Pages.read(page))
        .as(
            "docs/%s is older than the code. Print it anew: ./mvnw -pl core test -Dtest=DocsTest -Dgodwit.docs.write=true",
            page)
        .isEqualTo(printed);
  }

  @Test
  void the_life_of_a_migration_is_drawn_from_its_transitions() {
    String page = Pages.read("architecture.md");
    page = Pages.with(page, "diagram", Transitions.diagram());
    page = Pages.with(page, "transitions", Transitions.picture());

    isCurrent("architecture.md", page);
  }

  @Test
  void the_decision_table_is_printed_from_its_rows() {
    String page = Pages.read("decision-table.md");
    page = Pages.with(page, "rows", Rows.table());
    page = Pages.with(page, "cases", Rows.cases());

    isCurrent("decision-table.md", page);
  }
}
