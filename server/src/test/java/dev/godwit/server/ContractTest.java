package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.server.fake.FakeWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The HTTP contract, as documents: each is a list of requests with their answers, carried out in
 * order on a server of its own. See contract/README.md beside them.
 */
final class ContractTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicContainer> contract() throws IOException {
    return documents().stream().map(this::container);
  }

  private static List<Path> documents() throws IOException {
    URL where = ContractTest.class.getResource("/contract");
    assertThat(where).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(where.toURI()))) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private DynamicContainer container(Path document) {
    String name = String.valueOf(document.getFileName()).replace(".yaml", "");
    JsonNode cases;
    try {
      // SnakeYAML itself, because Jackson leaves aliases (*name) as they stand.
      Object loaded =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(document));
      cases = Client.JSON.valueToTree(loaded);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<DynamicTest> tests = new ArrayList<>();
    Played played = new Played(folder.resolve(name));
    tests.add(DynamicTest.dynamicTest("(the server starts)", played::start));
    for (JsonNode each : cases) {
      tests.add(DynamicTest.dynamicTest(each.path("name").asText(), () -> played.play(each)));
    }
    tests.add(DynamicTest.dynamicTest("(the server ends)", played::stop));
    return DynamicContainer.dynamicContainer(name, tests);
  }

  /** One document being played. */
  private static final class Played {
    private final Path folder;
    private final List<Rig> rigs = new ArrayList<>();
    private final Variables variables = new Variables();

    Played(Path folder) {
      this.folder = folder;
    }

    void start() throws IOException {
      Files.createDirectories(folder);
      rigs.add(Rig.start(folder, new FakeWorld("host1", "host2")));
      variables.put("root", rig().root());
    }

    void stop() {
      rigs.forEach(Rig::close);
    }

    private Rig rig() {
      return rigs.getFirst();
    }

    void play(JsonNode each) {
      onlyKnownKeys(each);
      Stage.set(each.path("world"), rig(), variables);
      if (each.has("request")) {
        if (each.path("until").asBoolean()) {
          Await.until(each.path("name").asText(), () -> problem(each), String::isEmpty);
        } else {
          answered(each);
        }
      }
    }

    private static void onlyKnownKeys(JsonNode each) {
      TreeSet<String> keys = new TreeSet<>();
      each.fieldNames().forEachRemaining(keys::add);
      assertThat(
              List.of(
                  "name", "world", "as", "at", "request", "headers", "body", "raw", "status",
                  "answer", "text", "has", "keys", "sends", "none", "capture", "until"))
          .containsAll(keys);
      assertThat(each.path("name").asText()).isNotBlank();
    }

    private String problem(JsonNode each) {
      try {
        answered(each);
        return "";
      } catch (AssertionError e) {
        return String.valueOf(e.getMessage());
      }
    }

    private void answered(JsonNode each) {
      String[] request = variables.in(each.path("request").asText()).split(" ", 2);
      Client client = Stage.client(rig(), each.path("as").asText("admin"));
      if (each.has("at")) {
        client = client.at(each.path("at").asText());
      }
      for (var header : each.path("headers").properties()) {
        client = client.with(header.getKey(), variables.in(header.getValue().asText()));
      }
      new Expected(each, variables)
          .check(client.send(request[0], request[1], Stage.body(each, variables)));
    }
  }
}
