package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.godwit.server.fake.FakeWorld;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Everything that must be refused where it enters; afterwards the server serves as before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
  private static final String SERVERS = "/v2.1/servers";

  @TempDir static Path folder;
  private Rig rig;

  @BeforeAll
  void start() {
    rig = Rig.start(folder, new FakeWorld("host1", "host2"));
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private static String server(String part) {
    return """
    {"server": {"name": "x", "imageRef": "11111111-1111-4111-8111-111111111111",
      "flavorRef": "1", "networks": "none"%s}}
    """
        .formatted(part.isEmpty() ? "" : ", " + part);
  }

  @Test
  void bodies_that_are_not_what_they_should_be_are_malformed() {
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("nothing", "");
    bodies.put("no JSON", "hello");
    bodies.put("half of it", "{\"server\": ");
    bodies.put("more than one", "{} {}");
    bodies.put("a list", "[]");
    bodies.put("a text", "\"server\"");
    bodies.put("null", "null");
    bodies.put("no server", "{}");
    bodies.put("a server that is a list", "{\"server\": []}");
    bodies.put("the same key twice", server("\"name\": \"y\""));
    bodies.put("an unknown key", server("\"colour\": \"red\""));
    bodies.put("a name that is a number", server("").replace("\"x\"", "7"));
    bodies.put("an empty name", server("").replace("\"x\"", "\"\""));
    bodies.put("a blank name", server("").replace("\"x\"", "\"  \""));
    bodies.put("a long name", server("").replace("\"x\"", "\"" + "x".repeat(256) + "\""));
    bodies.put("a name with a line break", server("").replace("\"x\"", "\"a\\nb\""));
    bodies.put("a name with a zero", server("").replace("\"x\"", "\"a\\u0000b\""));
    bodies.put("half a character", server("").replace("\"x\"", "\"\\ud800\""));
    bodies.put("a count that is a text", server("\"min_count\": \"many\""));
    bodies.put("a count beyond all numbers", server("\"min_count\": 99999999999999999999"));
    bodies.put("a count that is a fraction", server("\"min_count\": 1.5"));
    bodies.put("metadata that is a list", server("\"metadata\": []"));
    bodies.put("metadata that is a number", server("\"metadata\": {\"a\": 1}"));
    bodies.put(
        "a security group that there is not", server("\"security_groups\": [{\"name\": \"web\"}]"));
    bodies.put("two disks of one target", twoDisks("vda", "vda"));
    bodies.put("a disk config that there is not", server("\"OS-DCF:diskConfig\": \"SOMETIMES\""));
    bodies.put("nesting without end", "[".repeat(100_000) + "]".repeat(100_000));
    bodies.put("objects without end", "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000));
    bodies.put("a number without end", "{\"server\": " + "9".repeat(100_000) + "}");

    String before = rig.admin().get(SERVERS).body();
    assertSoftly(softly ->
        bodies.forEach((what, body) -> {
          Client.Answer answer = rig.admin().at("2.74").send("POST", SERVERS, Optional.of(body));
          softly.assertThat(answer.status()).as(what + ": " + answer.body()).isEqualTo(400);
          softly.assertThat(answer.text("/badRequest/message")).as(what).isNotEmpty();
          softly.assertThat(answer.body().length()).as(what).isLessThan(1_000);
        }));
    assertThat(rig.admin().get(SERVERS).body()).isEqualTo(before);
  }

  private static String twoDisks(String one, String other) {
    String disk =
        """
        {"target": "%s", "directory": "local", "format": "qcow2", "size_mib": 64}\
        """;
    return """
    {"server": {"name": "x", "imageRef": "11111111-1111-4111-8111-111111111111",
      "flavorRef": "1", "networks": "none"}, "os:scheduler_hints": {"godwit:disks": [%s, %s]}}
    """
        .formatted(disk.formatted(one), disk.formatted(other));
  }

  @Test
  void two_disks_of_one_target_are_refused_with_what_to_do() {
    assertThat(
            rig.admin()
                .at("2.74")
                .send("POST", SERVERS, Optional.of(twoDisks("vdb", "vdb")))
                .text("/badRequest/message"))
        .isEqualTo(
            "Invalid input for field/attribute godwit:disks. Expected a target of its own for each"
                + " disk, found vdb more than once: call one of them otherwise, for example vda");
  }

  @Test
  void another_content_type_is_not_supported() {
    for (String type :
        List.of("text/plain", "application/xml", "application/x-www-form-urlencoded")) {
      Client.Answer answer =
          rig.admin().with("Content-Type", type).send("POST", SERVERS, Optional.of("{}"));
      assertThat(answer.status()).as(type).isEqualTo(415);
      assertThat(answer.json().at("/badMediaType/code").asInt()).isEqualTo(415);
    }
    assertThat(
            rig.admin()
                .with("Content-Type", "application/json; charset=utf-8")
                .send("POST", SERVERS, Optional.of("{}"))
                .status())
        .isEqualTo(400);
  }

  @Test
  void ids_that_are_none_are_not_found() {
    for (String id :
        List.of("1", "x", "1-1-1-1-1", "%00", "%0a", "..%2f..%2fetc", "a%20b", "%F0%9F%90%A6")) {
      assertThat(rig.admin().get(SERVERS + "/" + id).status()).as(id).isIn(400, 404);
      assertThat(rig.admin().get("/godwit/v1/migrations/" + id).status()).as(id).isIn(400, 404);
    }
  }

  @Test
  void queries_that_make_no_sense_are_malformed() {
    for (String query :
        List.of(
            "limit=-1",
            "limit=x",
            "limit=99999999999999",
            "marker=x",
            "name=%5B",
            "changes-since=tomorrow",
            "sort_key=colour")) {
      assertThat(rig.admin().get(SERVERS + "?" + query).status()).as(query).isEqualTo(400);
    }
  }

  @Test
  void a_pattern_that_would_search_for_ever_is_refused() {
    rig.instance("a".repeat(60) + "!", "host1", "1");

    Client.Answer answer = rig.admin().get(SERVERS + "?name=%5E%28a%7Caa%29%2B%5C1%24");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/badRequest/message")).contains("takes too long");
    String id = rig.admin().get(SERVERS).text("/servers/0/id");
    rig.admin().delete(SERVERS + "/" + id);
    Await.until("gone", () -> rig.admin().get(SERVERS).body(), "{\"servers\":[]}"::equals);
  }

  @Test
  void tokens_that_are_none_are_unauthorized() {
    for (String token : List.of("x", "null", "a".repeat(4_000), "admin", "%00")) {
      assertThat(rig.anybody().token(token).get(SERVERS).status()).as(token).isEqualTo(401);
    }
    assertThat(rig.anybody().get("/godwit/v1/hosts").status()).isEqualTo(401);
    assertThat(rig.anybody().get("/godwit/v1/migrations/1/events").status()).isEqualTo(401);
    assertThat(rig.user("alice").get("/godwit/v1/hosts").status()).isEqualTo(403);
    assertThat(rig.user("alice").get("/godwit/v1/migrations/1/events").status()).isEqualTo(403);
    assertThat(rig.admin().get("/godwit/v1/migrations/999/events").status()).isEqualTo(404);
  }

  @Test
  void a_token_ends_with_its_hour() {
    try (Rig other = Rig.start(folder.resolve("expiry"), new FakeWorld("host1"))) {
      Client alice = other.user("alice");
      assertThat(alice.get(SERVERS).status()).isEqualTo(200);

      other.clock().forward(Duration.ofMinutes(61));

      assertThat(alice.get(SERVERS).status()).isEqualTo(401);
      assertThat(other.admin().get(SERVERS).status()).isEqualTo(200);
    }
  }

  @Test
  void a_huge_body_is_refused_and_the_connection_serves_the_next_request() throws IOException {
    for (int size : new int[] {(1 << 20) + 1, 3 << 20}) {
      try (Socket socket = connected()) {
        OutputStream out = socket.getOutputStream();
        BufferedReader in = reader(socket);
        write(out, announced(size));
        out.write(new byte[size]);
        out.flush();
        assertThat(in.readLine()).as("%s bytes", size).contains(" 413 ");
        String ignored = answerBody(in);
        write(out, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(in.readLine()).as("the next request after %s bytes", size).contains(" 200 ");
      }
    }
  }

  @Test
  void a_body_without_end_is_refused_before_it_is_sent() throws IOException {
    try (Socket socket = connected()) {
      write(socket.getOutputStream(), announced(1 << 30));
      assertThat(reader(socket).readLine()).contains(" 413 ");
    }
    assertThat(rig.anybody().get("/").status()).isEqualTo(200);
  }

  @Test
  void a_body_that_is_too_large_is_told_in_the_format_of_compute_at_any_size() throws IOException {
    for (int size : new int[] {(1 << 20) + 1, 1 << 30}) {
      try (Socket socket = connected()) {
        OutputStream out = socket.getOutputStream();
        write(out, announced(size));
        if (size < 1 << 24) {
          out.write(new byte[size]);
          out.flush();
        }
        BufferedReader in = reader(socket);
        assertThat(in.readLine()).as("%s bytes", size).contains(" 413 ");
        assertThat(Client.JSON.readTree(answerBody(in)))
            .as("%s bytes", size)
            .isEqualTo(
                Client.JSON.readTree(
                    "{\"overLimit\": {\"code\": 413, \"message\": \"Request is too large: expected at"
                        + " most 1048576 bytes.\"}}"));
      }
    }
  }

  @Test
  void what_is_no_http_is_told_in_the_format_of_compute() throws IOException {
    try (Socket socket = connected()) {
      write(
          socket.getOutputStream(),
          "POST /v2.1/servers HTTP/1.1\r\nHost: h\r\nContent-Length: many\r\n\r\n");
      BufferedReader in = reader(socket);
      assertThat(in.readLine()).contains(" 400 ");
      assertThat(Client.JSON.readTree(answerBody(in)).at("/badRequest/code").asInt())
          .isEqualTo(400);
    }
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(rig.root()).getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private String announced(int size) {
    return "POST /v2.1/servers HTTP/1.1\r\nHost: h\r\nX-Auth-Token: %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n"
        .formatted(rig.token(), size);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** The rest of an answer whose first line has been read. */
  private static String answerBody(BufferedReader in) throws IOException {
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int next = in.read();
      assertThat(next).isNotNegative();
      body.append((char) next);
    }
    return body.toString();
  }

  @Test
  void a_database_that_cannot_be_written_is_told_as_such() {
    try (Rig other = Rig.start(folder.resolve("full"), new FakeWorld("host1"))) {
      other.instance("vm1", "host1", "1");
      Sql.run(
          other.database(),
          "CREATE TRIGGER full_disk BEFORE INSERT ON instances BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");

      Client.Answer answer =
          other.admin().at("2.74").send("POST", SERVERS, Optional.of(server("")));

      assertThat(answer.status()).as(answer.body()).isEqualTo(503);
      assertThat(answer.text("/serviceUnavailable/message"))
          .contains("cannot be written")
          .contains("database or disk is full");
      assertThat(other.admin().get(SERVERS).status()).isEqualTo(200);
    }
  }
}
