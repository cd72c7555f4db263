package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.MigrationId;
import org.junit.jupiter.api.Test;

class MoveMarkTest {
  private static final MigrationId ONE = MigrationId.of("5f0c3b8e-0000-4000-8000-000000000001");
  private static final MigrationId OTHER = MigrationId.of("5f0c3b8e-0000-4000-8000-000000000002");
  private static final String GUEST =
      "<domain type='qemu'><name>vm</name><metadata><o:note xmlns:o='urn:o'>theirs</o:note></metadata></domain>";

  @Test
  void what_a_migration_brings_names_it_and_is_else_as_it_was() {
    String marked = MoveMark.on(GUEST, ONE);

    assertThat(DomainXml.parse(marked).broughtBy()).contains(ONE);
    assertThat(DomainXml.parse(marked).name()).isEqualTo("vm");
    assertThat(marked).contains("theirs");
    assertThat(DomainXml.parse(GUEST).broughtBy()).isEmpty();
  }

  @Test
  void a_guest_without_metadata_gets_some() {
    String marked = MoveMark.on("<domain type='qemu'><name>vm</name></domain>", ONE);

    assertThat(DomainXml.parse(marked).broughtBy()).contains(ONE);
  }

  @Test
  void the_last_migration_is_named_and_no_other() {
    String twice = MoveMark.on(MoveMark.on(GUEST, ONE), OTHER);

    assertThat(DomainXml.parse(twice).broughtBy()).contains(OTHER);
    assertThat(twice).doesNotContain(ONE.toString());
  }

  @Test
  void a_mark_that_somebody_wrote_over_names_nobody() {
    String spoilt = MoveMark.on(GUEST, ONE).replace(ONE.toString(), "none of yours");

    assertThat(DomainXml.parse(spoilt).broughtBy()).isEmpty();
  }
}
