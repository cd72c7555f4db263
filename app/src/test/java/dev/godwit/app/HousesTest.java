package dev.godwit.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls between the houses of the code, and the way in which each may be entered. */
class HousesTest {
  private static final List<String> HOUSES =
      List.of("core", "libvirt", "wire", "agent", "server", "simulation", "cli", "lab", "app");

  private static final JavaClasses GODWIT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.godwit");

  private static void holds(ArchRule rule) {
    rule.check(GODWIT);
  }

  private static String house(String name) {
    return "dev.godwit." + name + "..";
  }

  private static void knowsOnly(String name, String... others) {
    String[] allowed =
        Stream.concat(Stream.of(name), Stream.of(others))
            .map(HousesTest::house)
            .toArray(String[]::new);
    holds(
        noClasses()
            .that()
            .resideInAPackage(house(name))
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.godwit..").and(resideOutsideOfPackages(allowed)))
            .as(name + " knows of ours only " + List.of(others)));
  }

  @Test
  void every_house_stands() {
    assertThat(HOUSES)
        .allSatisfy(name ->
            assertThat(GODWIT.stream())
                .as("classes of " + name)
                .anyMatch(it -> it.getPackageName().startsWith("dev.godwit." + name)));
  }

  @Test
  void core_has_no_framework_file_network_thread_or_log_in_it() {
    holds(
        classes()
            .that()
            .resideInAPackage(house("core"))
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    house("core"),
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.time..",
                    "java.util",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "org.jspecify.annotations",
                    "")));
  }

  @Test
  void core_reads_no_clock_and_starts_no_thread() {
    holds(
        noClasses()
            .that()
            .resideInAPackage(house("core"))
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.time.Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  @Test
  void core_and_libvirt_know_nothing_of_ours() {
    knowsOnly("core");
    knowsOnly("libvirt");
  }

  @Test
  void wire_knows_core() {
    knowsOnly("wire", "core");
  }

  @Test
  void agent_and_server_meet_only_on_the_wire() {
    knowsOnly("agent", "core", "libvirt", "wire");
    knowsOnly("server", "core", "wire");
  }

  @Test
  void the_simulation_holds_the_real_server_and_agents() {
    knowsOnly("simulation", "core", "libvirt", "wire", "agent", "server");
  }

  @Test
  void the_command_line_is_a_client_and_nothing_else() {
    knowsOnly("cli");
  }

  @Test
  void the_lab_uses_godwit_from_outside_as_a_client() {
    knowsOnly("lab", "cli");
    holds(
        noClasses()
            .that()
            .resideInAPackage(house("lab"))
            .should()
            .dependOnClassesThat(
                resideInAPackage(house("cli")).and(resideOutsideOfPackages(house("cli.client"))))
            .as("of cli, the lab knows the client only"));
  }

  @Test
  void only_the_conductor_asks_what_is_next() {
    holds(
        noClasses()
            .that(resideOutsideOfPackages("dev.godwit.server.conductor", house("core")))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("dev.godwit.core.migration.Life"));
  }

  /** What touches the outside: API, agents, database; libvirt, files, the notes on disk. */
  private static final List<String> ADAPTERS =
      List.of(
          "server.api", "server.grpc", "server.store", "agent.host", "agent.file", "agent.note");

  @Test
  void no_adapter_sees_another_but_the_api_that_shows_the_records() {
    for (String adapter : ADAPTERS) {
      String[] others =
          ADAPTERS.stream()
              .filter(other -> !other.equals(adapter))
              .filter(other -> !(adapter.equals("server.api") && other.equals("server.store")))
              .map(HousesTest::house)
              .toArray(String[]::new);
      holds(
          noClasses()
              .that()
              .resideInAPackage(house(adapter))
              .should()
              .dependOnClassesThat(resideInAnyPackage(others))
              .as(adapter + " sees no other adapter"));
    }
  }

  @Test
  void adapters_are_made_where_their_house_is_put_together_and_nowhere_else() {
    for (String adapter : ADAPTERS) {
      holds(
          noClasses()
              .that(
                  resideInAPackage("dev.godwit..")
                      .and(
                          resideOutsideOfPackages(
                              house(adapter), house("app"), house("simulation")))
                      .and(not(name("dev.godwit.server.Server")))
                      .and(not(name("dev.godwit.server.Mind")))
                      .and(not(name("dev.godwit.agent.Machine")))
                      .and(not(name("dev.godwit.agent.Hands"))))
              .should()
              .callConstructorWhere(
                  target(owner(resideInAPackage(house(adapter)).and(not(justData())))))
              .as(
                  adapter
                      + " is made where its house is put together, or by a command of app, only"));
    }
  }

  @Test
  void the_database_and_the_notes_are_opened_where_their_house_is_put_together() {
    String file = "java.nio.file.Path";
    String address = "dev.godwit.server.store.DatabaseAddress";
    opensOnly("dev.godwit.server.Server", "dev.godwit.server.store.Database", address);
    opensOnly("dev.godwit.agent.Hands", "dev.godwit.agent.note.Notebook", file, "java.time.Clock");
  }

  private static void opensOnly(String opener, String opened, String... of) {
    assertThat(GODWIT.get(opened).getMethod("open", of).getCallsOfSelf())
        .extracting(call -> call.getOriginOwner().getName())
        .containsOnly(opener);
  }

  /** Records, failures and enumerations may be made by whoever has something to say. */
  private static DescribedPredicate<JavaClass> justData() {
    return DescribedPredicate.describe(
        "just data", it -> it.isRecord() || it.isEnum() || it.isAssignableTo(Throwable.class));
  }

  @Test
  void the_phases_of_core_do_not_know_each_other_but_plan() {
    for (String phase : List.of("prepare", "transfer", "settle")) {
      holds(
          noClasses()
              .that()
              .resideInAPackage("dev.godwit.core.migration.plan..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.godwit.core.migration." + phase + ".."));
    }
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(
                "dev.godwit.core.migration.prepare..", "dev.godwit.core.migration.settle..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.godwit.core.migration.transfer.."));
  }

  @Test
  void the_nouns_depend_on_nothing_but_themselves() {
    holds(
        noClasses()
            .that()
            .resideInAPackage("dev.godwit.core.model..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.godwit.core..")
                    .and(resideOutsideOfPackages("dev.godwit.core.model..", "dev.godwit.core"))));
  }

  @Test
  void houses_and_the_rooms_of_core_stand_in_no_circle() {
    holds(slices().matching("dev.godwit.(*)..").should().beFreeOfCycles());
    holds(slices().matching("dev.godwit.core.(*)..").should().beFreeOfCycles());
  }

  @Test
  void no_name_says_that_a_noun_is_missing() {
    holds(
        noClasses()
            .that(resideInAPackage("dev.godwit..").and(handWritten()))
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameStartingWith("Abstract"));
  }

  private static DescribedPredicate<JavaClass> handWritten() {
    return resideOutsideOfPackages("dev.godwit.wire.proto..");
  }
}
