package dev.godwit.simulation.net;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.port.Guests;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Traces;
import dev.godwit.server.Mind;
import dev.godwit.server.api.Answers;
import dev.godwit.server.api.Reply;
import dev.godwit.server.api.Tokens;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.Link;
import dev.godwit.server.fleet.News;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.simulation.time.SimulatedProcess;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of a server: the real mind, on a simulated machine. */
public final class SimulatedServer implements Link {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final String name;
  private final SimulatedProcess process;
  private final RemoteAgents agents;
  private final Set<String> announced = new HashSet<>();
  private @Nullable Fleet fleet;
  private @Nullable News news;
  private @Nullable Answers answers;

  /**
   * One that has not begun.
   *
   * @param agents the agent that serves at a host now, if one does
   */
  public SimulatedServer(
      String name,
      SimulatedProcess process,
      Network network,
      Function<String, Optional<SimulatedAgent>> agents) {
    this.name = name;
    this.process = process;
    this.agents = new RemoteAgents(this, network, agents);
  }

  public String name() {
    return name;
  }

  public SimulatedProcess process() {
    return process;
  }

  /** Begins. */
  public void start(Mind.Charter charter, Function<Link, Mind.Ground> ground, Tokens tokens) {
    process.run(
        "main",
        () -> {
          Optional<Mind> mind = Optional.empty();
          while (mind.isEmpty()) {
            mind = begun(charter, ground, tokens);
          }
          answers = mind.get().api().answers();
        });
  }

  /** A server that finds no database ends; whoever started it tries again. */
  private Optional<Mind> begun(
      Mind.Charter charter, Function<Link, Mind.Ground> ground, Tokens tokens) {
    try {
      Mind mind = new Mind(charter, ground.apply(this), tokens);
      mind.start();
      return Optional.of(mind);
    } catch (DatabaseTrouble e) {
      try {
        process.tempo().rest(AGAIN);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      return Optional.empty();
    }
  }

  @Override
  public Hosts hosts() {
    return agents;
  }

  @Override
  public Guests guests() {
    return agents;
  }

  @Override
  public Traces traces() {
    return agents;
  }

  @Override
  public void start(Fleet known, News listener) {
    fleet = known;
    news = listener;
  }

  @Override
  public void close() {}

  boolean knows(HostName host) {
    return announced.contains(host.value());
  }

  void announced(HostInventory inventory) {
    hear(listener -> {
      Fleet known = java.util.Objects.requireNonNull(fleet);
      if (known.announced(inventory).isEmpty()) {
        if (announced.add(inventory.host().value())) {
          listener.heard(inventory.host());
        }
        listener.guests(inventory.host(), inventory.guests());
      }
    });
  }

  void seen(String host, MigrationId migration, HostView view) {
    hear(listener -> listener.seen(new HostName(host), migration, view));
  }

  void progress(MigrationId migration, MigrationSample sample) {
    hear(listener -> listener.progress(migration, sample));
  }

  void guest(String host, GuestListing guest) {
    hear(listener -> listener.guest(new HostName(host), guest));
  }

  private void hear(Consumer<News> word) {
    News listener = news;
    if (listener != null && process.alive()) {
      process.run(
          "hears",
          () -> {
            try {
              word.accept(listener);
            } catch (DatabaseTrouble e) {
              // The call of who told it fails; it is told again.
            }
          });
    }
  }

  /**
   * A user's request; nobody answers while the server is not there.
   *
   * @param then takes the answer, in the server's own process
   */
  public void ask(
      String method,
      String path,
      String token,
      Optional<JsonNode> body,
      String version,
      Consumer<Reply> then) {
    Answers now = answers;
    if (now == null || !process.alive()) {
      return;
    }
    process.run(
        "request",
        () ->
            then.accept(
                now.toAny(
                    new Answers.Asked(
                        method,
                        path,
                        Map.of(),
                        "http://simulated",
                        Optional.of(token),
                        Optional.empty(),
                        () -> body),
                    version)));
  }

  /** True once it answers. */
  public boolean serves() {
    return answers != null && process.alive() && !process.frozen();
  }
}
