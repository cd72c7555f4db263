package dev.godwit.agent;

import dev.godwit.agent.act.Departure;
import dev.godwit.agent.act.DestinationActs;
import dev.godwit.agent.act.OrderDesk;
import dev.godwit.agent.act.Progress;
import dev.godwit.agent.act.SourceActs;
import dev.godwit.agent.act.Transfers;
import dev.godwit.agent.act.Transport;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.file.MovedFiles;
import dev.godwit.agent.file.MovingFiles;
import dev.godwit.agent.file.OpenFiles;
import dev.godwit.agent.file.SharedProof;
import dev.godwit.agent.guest.Adoption;
import dev.godwit.agent.guest.Assessor;
import dev.godwit.agent.guest.Creation;
import dev.godwit.agent.guest.Describer;
import dev.godwit.agent.guest.DiskSurvey;
import dev.godwit.agent.guest.GuestDesk;
import dev.godwit.agent.guest.Hypervisors;
import dev.godwit.agent.guest.Inventory;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.guest.Moves;
import dev.godwit.agent.guest.Power;
import dev.godwit.agent.guest.Removal;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.agent.host.QemuCertificates;
import dev.godwit.agent.host.QuietGuests;
import dev.godwit.agent.look.Leftovers;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.look.Witness;
import dev.godwit.agent.note.Notebook;
import dev.godwit.agent.service.Announcer;
import dev.godwit.agent.service.EventStream;
import dev.godwit.agent.service.HostAgentService;
import dev.godwit.agent.service.OnlyServers;
import dev.godwit.agent.service.PlanDesk;
import io.grpc.Grpc;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One host's hands, put together. Killed at any moment and started again, it goes on. */
public final class Agent implements AutoCloseable {
  private static final int MOST_MESSAGE_BYTES = 4 << 20;
  private static final Duration LAST_CALLS = Duration.ofSeconds(2);

  /** A healthy link answers within milliseconds; a lost first packet is sent again after 1 s. */
  private static final Duration LINK_PATIENCE = Duration.ofSeconds(2);

  private final Notebook notebook;
  private final Daemon daemon;
  private final HostEvents hostEvents;
  private final EventStream stream;
  private final Announcer announcer;
  private final Transfers transfers;
  private final Witness witness;
  private final Server server;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

  public Agent(AgentConfiguration configuration, Clock clock) {
    configuration.tls().check(clock);
    notebook = Notebook.open(configuration.stateDirectory().resolve("migrations"), clock);
    daemon = new Daemon(configuration.daemon().uri());
    hostEvents = new HostEvents(daemon);
    Look look = new Look(daemon, hostEvents, new QuietGuests(), clock);
    Hypervisors hypervisors =
        new Hypervisors(daemon, configuration.daemon().virtType(), Hypervisors::kvmOpens);
    Listing listing = new Listing(daemon);
    stream = new EventStream(listing, clock);
    witness = new Witness(notebook, look, stream);
    ImageTool images = new ImageTool();
    OpenFiles openFiles = new OpenFiles(Path.of("/proc"), Path.of("/sys"));
    MovingFiles moving = new MovingFiles(images, openFiles);
    MovedFiles moved = new MovedFiles(openFiles);
    SharedProof proof = new SharedProof(clock);
    QemuCertificates certificates = new QemuCertificates(Path.of("/etc"), clock);
    transfers =
        new Transfers(
            daemon,
            notebook,
            witness,
            new Progress(daemon, stream, clock),
            new Transport(configuration.daemon().plainTextPermitted(), certificates));
    OrderDesk orders =
        new OrderDesk(
            configuration.host(),
            notebook,
            look,
            new SourceActs(daemon, look, transfers, moved, listing),
            new DestinationActs(daemon, hostEvents, notebook, look, moving));
    Assessor assessor =
        new Assessor(
            configuration,
            daemon,
            hypervisors,
            new Leftovers(hostEvents, notebook),
            new Assessor.Eyes(new DiskSurvey(images, moving, proof), certificates));
    InstanceFiles files = new InstanceFiles(configuration.host(), images, openFiles);
    Moves moves = new Moves(notebook);
    GuestDesk guests =
        new GuestDesk(
            new Creation(configuration, daemon, hypervisors, files),
            new Power(daemon, moves, configuration.stopPatience()),
            new Removal(daemon, moves, files, listing),
            new Adoption(daemon, moves, files, listing));
    Describer describer = new Describer(daemon, hypervisors, images);
    server =
        server(
            configuration,
            new HostAgentService(
                new HostAgentService.Desks(
                    orders,
                    new PlanDesk(
                        describer,
                        assessor,
                        new Departure(moved, listing, new LinkTrial(LINK_PATIENCE)),
                        proof),
                    guests,
                    listing),
                stream,
                clock));
    announcer =
        new Announcer(
            new Inventory(configuration, hypervisors, listing),
            configuration.servers(),
            configuration.tls());
  }

  private Server server(AgentConfiguration configuration, HostAgentService service) {
    return Grpc.newServerBuilderForPort(configuration.bindPort(), configuration.tls().server())
        .executor(calls)
        .maxInboundMessageSize(MOST_MESSAGE_BYTES)
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .intercept(new OnlyServers(configuration.servers()))
        .addService(service)
        .build();
  }

  /** The port that it serves on. */
  public int port() {
    return server.getPort();
  }

  /** Serves and announces, after what was under way has been found again. */
  public void start() {
    hostEvents.listen(witness::saw);
    hostEvents.start();
    stream.start();
    transfers.reattach();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve on the agent's port: " + e.getMessage(), e);
    }
    announcer.start(server.getPort());
  }

  /** Waits until {@link #close}. */
  public void awaitEnd() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    announcer.close();
    server.shutdownNow();
    awaitCalls();
    transfers.close();
    stream.close();
    hostEvents.close();
    daemon.close();
    calls.shutdownNow();
    notebook.close();
  }

  /** Calls that are cut short would otherwise find their threads gone. */
  private void awaitCalls() {
    try {
      server.awaitTermination(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
