package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Trace;
import dev.godwit.server.api.Api;
import dev.godwit.server.fake.FakeGuests;
import dev.godwit.server.fake.FakeWorld;
import dev.godwit.server.store.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole routing table, asked of two servers on one PostgreSQL by turns: what one of them
 * changed the other shows at once, with the same status and the same document.
 */
final class EveryRouteTest {
  private static final String NEW = "2.80";
  private static final String OLD = "2.52";
  private static final String IMAGE = "11111111-1111-4111-8111-111111111111";
  private static final int MOST_LOOKS = 50;

  @TempDir Path folder;
  private FakeWorld world;
  private final List<Rig> servers = new ArrayList<>();
  private final List<Question> shown = new ArrayList<>();
  private final Set<Api.Line> asked = new HashSet<>();
  private String token = "";
  private int changes;
  private int looks;

  /** A request; its values are for the placeholders of its template, in order. */
  private record Question(
      String version, String method, String template, Optional<String> body, List<String> values) {
    String path() {
      String path = template;
      for (String value : values) {
        path = path.replaceFirst("\\{[a-z]+}", value);
      }
      return path;
    }

    boolean means(Api.Line line) {
      int minor = Integer.parseInt(version.substring("2.".length()));
      return line.method().equals(method)
          && line.template().equals(template)
          && line.from() <= minor
          && minor <= line.to();
    }
  }

  /** What a server says, wherever it says it. */
  private record Said(int status, String document) {}

  @BeforeEach
  void start() throws IOException {
    world = new FakeWorld("host1", "host2", "host3");
    DatabaseAddress database = PostgresqlForTests.one().fresh();
    for (String name : List.of("one", "two")) {
      Path own = Files.createDirectories(folder.resolve(name));
      servers.add(Rig.start(own, world, database, name));
    }
  }

  @AfterEach
  void stop() {
    servers.forEach(Rig::close);
  }

  private Rig server(int turn) {
    return servers.get(turn % servers.size());
  }

  private Client.Answer ask(Rig server, Question question) {
    asked.addAll(server.lines().stream().filter(question::means).toList());
    return server
        .anybody()
        .token(token)
        .with("X-Subject-Token", token)
        .at(question.version)
        .send(question.method, question.path(), question.body);
  }

  private Said said(Rig server, Question question) {
    Client.Answer answer = ask(server, question);
    return new Said(answer.status(), answer.body().replace(server.root(), "http://here"));
  }

  /** What no change changes is looked at once. */
  private void stands(String template, String... values) {
    assertSame(shows(new Question(NEW, "GET", template, Optional.empty(), List.of(values))));
  }

  /** From now on looked at after each change. */
  private void shows(String version, String template, String... values) {
    shown.add(shows(new Question(version, "GET", template, Optional.empty(), List.of(values))));
  }

  /** An answer, and no refusal. */
  private Question shows(Question question) {
    assertThat(said(server(looks), question).status()).as(question.toString()).isBetween(200, 300);
    return question;
  }

  /** Asks the next server for a change, which is taken; then everything is looked at. */
  private JsonNode changes(int status, String version, String line, String body, String... values) {
    String[] words = line.split(" ", 2);
    Question question =
        new Question(
            version,
            words[0],
            words[1],
            Optional.of(body.replace('\'', '"')).filter(it -> !it.isEmpty()),
            List.of(values));
    Client.Answer answer = ask(server(changes++), question);
    assertThat(answer.status()).as(question + ": " + answer.body()).isEqualTo(status);
    assertSameShown();
    return answer.json();
  }

  private void assertSameShown() {
    shown.forEach(this::assertSame);
  }

  /** Hosts announce themselves all the time: what one says before and after is no news. */
  private void assertSame(Question question) {
    Rig one = server(looks++);
    Rig other = server(looks);
    for (int i = 0; i < MOST_LOOKS; i++) {
      Said before = said(one, question);
      Said between = said(other, question);
      if (between.equals(before)) {
        return;
      }
      if (said(one, question).equals(before)) {
        assertThat(between).as(question.toString()).isEqualTo(before);
      }
    }
    throw new AssertionError("never at rest: " + question);
  }

  @Test
  void what_one_server_changes_the_other_shows_at_once_whatever_is_asked() {
    logIn();
    showWhatStands();
    InstanceId id = createAndPlan();
    moveBackAndForth(id);
    changeServices();
    removeLeftovers(id);
    InstanceId adopted = adopt();
    changes(204, NEW, "DELETE /v2.1/servers/{id}", "", adopted.toString());
    ruleOnOneThatIsLost(id);

    assertThat(asked).containsExactlyInAnyOrderElementsOf(server(0).lines());
  }

  private void logIn() {
    Question logIn =
        new Question(
            NEW,
            "POST",
            "/v3/auth/tokens",
            Optional.of(
                """
                {"auth": {"identity": {"methods": ["password"], "password": {"user":
                  {"name": "operator", "domain": {"id": "default"}, "password": "%s"}}}}}
                """
                    .formatted(Rig.PASSWORD)),
            List.of());
    token = ask(server(changes++), logIn).header("X-Subject-Token").orElseThrow();
  }

  private void showWhatStands() {
    stands("/");
    stands("/v2");
    stands("/v2.1");
    stands("/v3");
    stands("/v3/auth/tokens");
    stands("/image");
    stands("/image/v2/images");
    stands("/image/v2/images/{id}", IMAGE);
    shows(NEW, "/godwit/v1/hosts");
    shows(NEW, "/godwit/v1/leftovers");
    shows(NEW, "/godwit/v1/migrations");
    shows(NEW, "/v2.1/servers");
    shows(NEW, "/v2.1/servers/detail");
    shows(NEW, "/v2.1/os-migrations");
    shows(NEW, "/v2.1/os-services");
    shows(NEW, "/v2.1/os-hypervisors");
    shows(NEW, "/v2.1/os-hypervisors/detail");
    shows(NEW, "/v2.1/os-hypervisors/statistics");
    shows(NEW, "/v2.1/os-hypervisors/{id}", hypervisor());
    shows(NEW, "/v2.1/os-hypervisors/{id}/uptime", hypervisor());
    shows(OLD, "/v2.1/os-hypervisors/{pattern}/search", "host1");
    shows(OLD, "/v2.1/os-hypervisors/{pattern}/servers", "host");
    stands("/v2.1/os-aggregates");
    stands("/v2.1/flavors");
    stands("/v2.1/flavors/detail");
    stands("/v2.1/flavors/{id}", "1");
    stands("/v2.1/flavors/{id}/os-extra_specs", "1");
    assertSameShown();
  }

  private String hypervisor() {
    return server(looks).admin().at(NEW).get("/v2.1/os-hypervisors").text("/hypervisors/0/id");
  }

  private InstanceId createAndPlan() {
    InstanceId id =
        InstanceId.of(
            changes(
                    202,
                    "2.74",
                    "POST /v2.1/servers",
                    """
                    {'server': {'name': 'vm1', 'flavorRef': '2', 'networks': 'none', 'host': 'host1',
                      'imageRef': '%s'}}
                    """
                        .formatted(IMAGE))
                .at("/server/id")
                .asText());
    String server = id.toString();
    server(looks).awaitStatus(id, "ACTIVE");
    shows(NEW, "/v2.1/servers/{id}", server);
    shows(NEW, "/v2.1/servers/{id}/os-instance-actions", server);
    shows(
        NEW,
        "/v2.1/servers/{id}/os-instance-actions/{request}",
        server,
        server(looks)
            .admin()
            .at(NEW)
            .get("/v2.1/servers/" + server + "/os-instance-actions")
            .text("/instanceActions/0/request_id"));
    shows(NEW, "/v2.1/servers/{id}/migrations", server);
    String plan = "{\"instance\": \"%s\", \"destination\": \"host2\"}".formatted(server);
    assertSame(shows(new Question(NEW, "POST", "/godwit/v1/plans", Optional.of(plan), List.of())));
    return id;
  }

  private String copying(InstanceId id, String destination) {
    world.holdCopies();
    changes(
        202,
        NEW,
        "POST /v2.1/servers/{id}/action",
        "{'os-migrateLive': {'host': '%s', 'block_migration': 'auto'}}".formatted(destination),
        id.toString());
    String number = server(looks).awaitPhase(id, "TRANSFERRING").path("number").asText();
    shows(NEW, "/v2.1/servers/{id}/migrations/{migration}", id.toString(), number);
    shows(NEW, "/godwit/v1/migrations/{id}", number);
    return number;
  }

  private void moveBackAndForth(InstanceId id) {
    String aborted = copying(id, "host2");
    changes(
        202, NEW, "DELETE /v2.1/servers/{id}/migrations/{migration}", "", id.toString(), aborted);
    assertThat(server(looks).awaitEnd(id).path("status").asText()).isEqualTo("cancelled");
    assertSameShown();

    String forced = copying(id, "host2");
    changes(
        202,
        NEW,
        "POST /v2.1/servers/{id}/migrations/{migration}/action",
        "{'force_complete': null}",
        id.toString(),
        forced);
    assertThat(server(looks).awaitEnd(id).path("status").asText()).isEqualTo("completed");
    // Not in the table, for it is no single answer: of what is over, all at once.
    stands("/godwit/v1/migrations/{id}/events", forced);
    assertSameShown();
  }

  private void changeServices() {
    changes(
        200,
        OLD,
        "PUT /v2.1/os-services/{id}",
        "{'host': 'host3', 'binary': 'nova-compute', 'disabled_reason': 'a fan'}",
        "disable-log-reason");
    String service =
        server(looks).admin().at(NEW).get("/v2.1/os-services?host=host3").text("/services/0/id");
    changes(200, NEW, "PUT /v2.1/os-services/{id}", "{'status': 'enabled'}", service);
  }

  private void removeLeftovers(InstanceId id) {
    MigrationId over = MigrationId.of(server(looks).migration(id).path("id").asText());
    world.leave(
        "host1",
        new Trace(
            Trace.Kind.DISK,
            "/local/vda",
            Optional.of(id),
            Optional.of(over),
            "seen",
            false,
            Optional.empty(),
            Duration.ofHours(1)));
    assertSameShown();
    JsonNode outcomes = changes(200, NEW, "POST /godwit/v1/leftovers/remove", "{}");
    assertThat(outcomes.at("/outcomes/0/removed").asBoolean()).isTrue();
  }

  private InstanceId adopt() {
    InstanceId stranger = new InstanceId(UUID.randomUUID());
    world.foreign("host1", new FakeGuests.Foreign(stranger, "stranger", 128));
    changes(
        200,
        NEW,
        "POST /godwit/v1/guests/adopt",
        "{'host': 'host1', 'uuid': '%s'}".formatted(stranger));
    shows(NEW, "/v2.1/servers/{id}", stranger.toString());
    assertSameShown();
    return stranger;
  }

  /** Off at its source, and its destination dead: an operator says where it lives. */
  private void ruleOnOneThatIsLost(InstanceId id) {
    String number = copying(id, "host3");
    world.answers("host3", false);
    world.shutDown(id);
    awaitSilent("host3");
    changes(200, NEW, "POST /godwit/v1/hosts/{name}/fence", "{'powered_off': true}", "host3");
    Await.until(
        "it to be held",
        () -> server(looks).migration(id),
        it -> it.at("/way_out/home/0").asText().equals("host2"));
    changes(
        202,
        NEW,
        "POST /godwit/v1/migrations/{id}/ruling",
        "{'home': 'host2', 'reason': 'its disk'}",
        number);
    assertThat(server(looks).awaitEnd(id).path("status").asText()).isEqualTo("failed");
    server(looks).awaitStatus(id, "SHUTOFF");
    assertSameShown();
  }

  /** For all servers alike, while the others are heard. */
  private void awaitSilent(String silent) {
    servers.forEach(server -> server.clock().forward(Duration.ofSeconds(30)));
    for (Rig server : servers) {
      Await.until(
          "the living hosts and no other",
          () -> server.admin().get("/godwit/v1/hosts").json().path("hosts"),
          hosts -> {
            boolean asIs = true;
            for (JsonNode host : hosts) {
              boolean up = host.path("up").asBoolean();
              asIs &= up != host.path("name").asText().equals(silent);
            }
            return asIs;
          });
    }
  }
}
