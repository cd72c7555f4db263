package dev.godwit.simulation.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.model.TaskState;
import dev.godwit.server.api.Reply;
import dev.godwit.simulation.net.SimulatedServer;
import dev.godwit.simulation.world.Scenario.GuestKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** One history: a world, what is wished for in it, what befalls it, and how it ends. */
public final class History implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MIGRATE =
      "{\"os-migrateLive\": {\"host\": null, \"block_migration\": \"auto\"}}";
  private static final Duration SETUP = Duration.ofSeconds(30);
  private static final Duration QUIET = Duration.ofSeconds(3);

  /**
   * What alarms that long, with everything mended, waits for somebody: libvirt's patience and more.
   */
  private static final Duration STUCK = Duration.ofSeconds(90);

  private static final Duration SWEPT = Duration.ofMinutes(4);
  private static final int MOST_CALLS = 3;
  private static final Duration LOOK = Duration.ofMillis(250);

  /** After the last mending: longer than libvirt's patience, and a little. */
  private static final Duration LONGEST = Duration.ofSeconds(400);

  private final Scenario scenario;
  private final World world;
  private final Ledger ledger;
  private final Promises promises;
  private final Watch watch;
  private final Misfortunes misfortunes;
  private final Operator operator;
  private final Documented documented;
  private final List<UUID> guests = new ArrayList<>();
  private Duration wished = Duration.ZERO;
  private Duration over = Duration.ZERO;

  /**
   * How it ended.
   *
   * @param broken promises that were broken; none in a history that ended well
   * @param struck faults that a move felt, and in which stage
   * @param times when what happened
   * @param phases in which the moves stand at the end, in their order
   * @param held a move waited for an operator, as documented, and went on when they had helped
   */
  public record Outcome(
      Scenario scenario,
      List<Broken> broken,
      List<String> story,
      List<Coverage.Met> struck,
      Times times,
      List<PhaseName> phases,
      boolean held,
      long steps) {
    private static final int BRIEF_LINES = 30;

    public boolean wrong() {
      return !broken.isEmpty();
    }

    /** True when the first promise that broke is of the same kind as the other's first one. */
    boolean endsLike(Outcome other) {
      return wrong() && other.wrong() && broken.getFirst().sameAs(other.broken.getFirst());
    }

    /** The story in few lines, without what libvirt said beside. */
    public List<String> brief() {
      return Story.shortened(
          story.stream().filter(line -> !line.contains(": event ")).toList(), BRIEF_LINES);
    }
  }

  /**
   * When, by the clock of the world.
   *
   * @param wished for the first move
   * @param mended for the last time; a process that was killed begins then
   * @param over no move is under way any more
   */
  public record Times(Duration wished, Duration mended, Duration over) {}

  private History(Scenario scenario, Rules rules) {
    this.scenario = scenario;
    this.world = new World(scenario, rules);
    this.ledger = new Ledger(world.database());
    this.promises = new Promises(world, ledger);
    this.watch = new Watch(world, ledger, promises);
    this.misfortunes = new Misfortunes(world, ledger);
    this.operator = new Operator(world);
    this.documented = new Documented(world.truth());
  }

  /** Lives it. */
  public static Outcome of(Scenario scenario) {
    return of(scenario, Rules.PRODUCTION);
  }

  /** Lives it by rules that may be broken. */
  public static Outcome of(Scenario scenario, Rules rules) {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    try (History history = new History(scenario, rules)) {
      Thread.setDefaultUncaughtExceptionHandler(history.world.truth()::died);
      return history.live();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private Outcome live() {
    List<Broken> broken = new ArrayList<>();
    boolean held = false;
    if (!settled()) {
      broken.add(new Broken(Broken.When.AT_THE_BEGINNING, "the world did not begin"));
    } else {
      wished = world.timeline().now();
      misfortunes.arm(scenario.faults());
      scenario.wishes().forEach(wish -> world.timeline().after(wish.at(), () -> wish(wish)));
      boolean ended = ends();
      for (int calls = 0; !ended && calls < MOST_CALLS && held() && helped(); calls++) {
        held = true;
        ended = ends();
      }
      if (!ended) {
        broken.add(
            new Broken(
                Broken.When.NEVER_ENDING,
                held
                    ? "what the operator did as they were told did not end it"
                    : "a history that does not end"));
      } else {
        // What a plan left is swept after some minutes.
        until(SWEPT, () -> promises.broken(guests).isEmpty());
        broken.addAll(broken(Broken.When.AT_REST, promises.broken(guests)));
      }
    }
    // What broke on the way is why it did not end.
    broken.addAll(0, broken(Broken.When.MEANWHILE, world.database().misunderstood()));
    broken.addAll(0, broken(Broken.When.MEANWHILE, world.truth().broken()));
    tellTheEnd();
    return new Outcome(
        scenario,
        List.copyOf(broken),
        world.story().lines(),
        misfortunes.struck(),
        new Times(wished, misfortunes.lastMended(), over),
        ledger.moves().stream().map(move -> PhaseName.valueOf(move.phase())).toList(),
        held,
        world.timeline().steps());
  }

  private static List<Broken> broken(Broken.When when, List<String> how) {
    return how.stream().map(it -> new Broken(when, it)).toList();
  }

  private void tellTheEnd() {
    for (UUID guest : guests) {
      ledger.instances().stream()
          .filter(it -> it.id().equals(guest))
          .forEach(it -> world.story().tell("the record: " + it));
      world
          .nodes()
          .forEach(node -> world.story().tell(node.name() + ": " + node.libvirt().describe(guest)));
    }
    ledger.moves().forEach(move -> world.story().tell("the record: " + move));
  }

  /** Steps until that is so, or the time is over. */
  private boolean until(Duration longest, BooleanSupplier so) {
    long end = world.timeline().nanos() + longest.toNanos();
    long look = 0;
    while (world.timeline().nanos() < end) {
      if (!world.timeline().step()) {
        return so.getAsBoolean();
      }
      ledgerNews();
      watch.look();
      misfortunes.look();
      if (world.timeline().nanos() >= look) {
        look = world.timeline().nanos() + LOOK.toNanos();
        watch.splits(misfortunes.mended());
        if (so.getAsBoolean()) {
          return true;
        }
      }
      if (!world.truth().broken().isEmpty()) {
        return false;
      }
    }
    return false;
  }

  private void ledgerNews() {
    List<String> news = ledger.news();
    news.forEach(world.story()::tell);
    if (!news.isEmpty() && ledger.open().isEmpty()) {
      over = world.timeline().now();
    }
  }

  private boolean settled() {
    boolean up =
        until(
            SETUP,
            () ->
                world.servers().stream().allMatch(SimulatedServer::serves)
                    && ledger.hosts() == world.nodes().size());
    if (!up) {
      return false;
    }
    for (GuestKind kind : scenario.guests()) {
      world.ask("POST", "/v2.1/servers", Optional.of(body(kind)), this::made);
    }
    return until(
        SETUP,
        () ->
            guests.size() == scenario.guests().size()
                && ledger.instances().stream()
                    .allMatch(
                        it -> it.vmState().equals("ACTIVE") && it.taskState().equals("NONE")));
  }

  private void made(Reply reply) {
    if (reply.status() == 202) {
      guests.add(UUID.fromString(reply.body().orElseThrow().at("/server/id").asText()));
    } else {
      world.story().tell("refused: " + reply);
    }
  }

  private JsonNode body(GuestKind kind) {
    ObjectNode body = JSON.createObjectNode();
    var _ =
        body.putObject("server")
            .put("name", "guest")
            .put("imageRef", World.IMAGE)
            .put("flavorRef", "1")
            .put("networks", "none")
            .put("host", "h1");
    ObjectNode hints = body.putObject("os:scheduler_hints");
    if (kind == GuestKind.BUSY_COPIED_DISK) {
      hints.put("godwit:kernel_arguments", "busy");
    }
    if (kind != GuestKind.NO_DISK) {
      hints
          .putArray("godwit:disks")
          .addObject()
          .put("target", "vda")
          .put("directory", kind == GuestKind.SHARED_DISK ? "shared" : "local")
          .put("format", "qcow2")
          .put("size_mib", 64);
    }
    return body;
  }

  private void wish(Wish wish) {
    UUID guest = guests.get(wish.guest());
    world.story().tell("WISH " + wish.what() + " for guest " + wish.guest());
    switch (wish.what()) {
      case MIGRATE -> action(guest, MIGRATE);
      case ABORT -> onMove(guest, "DELETE", "", Optional.empty());
      case FORCE_COMPLETE ->
          onMove(guest, "POST", "/action", Optional.of(json("{\"force_complete\": null}")));
      case DELETE -> end(guest, TaskState.DELETING, "DELETE", "", Optional.empty());
      case PAUSE -> action(guest, "{\"pause\": null}");
      case UNPAUSE -> action(guest, "{\"unpause\": null}");
      case STOP ->
          end(
              guest,
              TaskState.POWERING_OFF,
              "POST",
              "/action",
              Optional.of(json("{\"os-stop\": null}")));
      case START -> action(guest, "{\"os-start\": null}");
      case DISABLE_DESTINATION ->
          ledger.moves().stream()
              .reduce((one, other) -> other)
              .flatMap(Ledger.Move::destination)
              .ifPresent(this::disable);
      case DRAIN ->
          ledger.instances().stream()
              .filter(it -> it.id().equals(guest))
              .findFirst()
              .ifPresent(it -> drain(it.host()));
    }
  }

  private void disable(String host) {
    world.ask(
        "PUT",
        "/v2.1/os-services/disable",
        Optional.of(json("{\"host\": \"%s\", \"binary\": \"nova-compute\"}".formatted(host))),
        this::told);
  }

  private void drain(String host) {
    disable(host);
    ledger.instances().stream()
        .filter(it -> it.host().equals(host))
        .forEach(it -> action(it.id(), MIGRATE));
  }

  private void onMove(UUID guest, String method, String rest, Optional<JsonNode> body) {
    ledger.moves().stream()
        .filter(move -> move.instance().equals(guest))
        .reduce((one, other) -> other)
        .ifPresent(move ->
            world.ask(
                method,
                "/v2.1/servers/%s/migrations/%d%s".formatted(guest, move.number(), rest),
                body,
                this::told));
  }

  private void action(UUID guest, String text) {
    world.ask("POST", "/v2.1/servers/" + guest + "/action", Optional.of(json(text)), this::told);
  }

  /** A wish that was refused permits nothing; one without an answer does what is recorded. */
  private void end(
      UUID guest, TaskState task, String method, String rest, Optional<JsonNode> body) {
    Truth.WishedEnd wish = world.truth().letGo(guest, task);
    world
        .ask(
            method,
            "/v2.1/servers/" + guest + rest,
            body,
            reply -> {
              if (reply.status() < 300) {
                wish.accept();
              } else if (reply.status() < 500) {
                world.truth().keep(wish);
              } else {
                world.truth().unanswered(wish);
              }
              told(reply);
            })
        .ifPresentOrElse(server -> wish.askedOf(server.process()), () -> world.truth().keep(wish));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private void told(Reply reply) {
    world.story().tell("answered " + reply.status());
  }

  /** True when all is mended and rests. */
  private boolean ends() {
    Duration lastWish =
        scenario.wishes().stream().map(Wish::at).max(Duration::compareTo).orElse(Duration.ZERO);
    long begin = world.timeline().nanos() + lastWish.toNanos();
    BooleanSupplier rests =
        () ->
            world.timeline().nanos() > begin
                && misfortunes.mended()
                && !world.network().keepsBack()
                && ledger.rests()
                && guests.stream()
                    .noneMatch(guest ->
                        world.nodes().stream().anyMatch(node -> node.libvirt().moves(guest)));
    Wait wait = new Wait();
    while (until(LONGEST, () -> rests.getAsBoolean() || wait.lasts()) && rests.getAsBoolean()) {
      boolean restless = until(QUIET, () -> !rests.getAsBoolean());
      if (!restless && world.truth().broken().isEmpty()) {
        return true;
      }
      if (!world.truth().broken().isEmpty()) {
        return false;
      }
    }
    return false;
  }

  /** For how long nothing but an operator has been wanted. */
  private final class Wait {
    private OptionalLong sinceNanos = OptionalLong.empty();

    boolean lasts() {
      long now = world.timeline().nanos();
      if (!misfortunes.mended() || ledger.open().isEmpty() || !held()) {
        sinceNanos = OptionalLong.empty();
        return false;
      }
      if (sinceNanos.isEmpty()) {
        sinceNanos = OptionalLong.of(now);
      }
      return now - sinceNanos.getAsLong() >= STUCK.toNanos();
    }
  }

  /** True when somebody was told what to do, and did it. */
  private boolean helped() {
    return ledger.moves().stream()
        .filter(move -> !move.rests() && move.waiting().alarm())
        .map(operator::helps)
        .reduce(false, Boolean::logicalOr);
  }

  /** Nothing goes on but what waits for an operator, as documented. */
  private boolean held() {
    List<Ledger.Move> open = ledger.open();
    return open.stream()
        .filter(move -> !waitsBehind(move, open))
        .allMatch(documented::holds);
  }

  /** A move is not planned before an earlier one of its guest is settled. */
  private static boolean waitsBehind(Ledger.Move move, List<Ledger.Move> open) {
    return move.phase().equals(PhaseName.ACCEPTED.name())
        && open.stream()
            .anyMatch(it -> it.instance().equals(move.instance()) && it.number() < move.number());
  }

  @Override
  public void close() {
    world.close();
  }
}
