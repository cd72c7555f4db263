package dev.godwit.agent;

import dev.godwit.agent.act.Departure;
import dev.godwit.agent.act.DestinationActs;
import dev.godwit.agent.act.DestinationClearing;
import dev.godwit.agent.act.OrderDesk;
import dev.godwit.agent.act.PostCopyRecovery;
import dev.godwit.agent.act.Progress;
import dev.godwit.agent.act.SourceActs;
import dev.godwit.agent.act.SourceClearing;
import dev.godwit.agent.act.SourceFence;
import dev.godwit.agent.act.TraceDesk;
import dev.godwit.agent.act.Transfers;
import dev.godwit.agent.act.Transport;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.file.MarkedFiles;
import dev.godwit.agent.file.MarkedRemoval;
import dev.godwit.agent.file.MovedFiles;
import dev.godwit.agent.file.MovingFiles;
import dev.godwit.agent.file.OpenFiles;
import dev.godwit.agent.file.SharedProof;
import dev.godwit.agent.file.Sweeper;
import dev.godwit.agent.guest.Adoption;
import dev.godwit.agent.guest.Assessor;
import dev.godwit.agent.guest.Creation;
import dev.godwit.agent.guest.Describer;
import dev.godwit.agent.guest.DiskSurvey;
import dev.godwit.agent.guest.GuestDesk;
import dev.godwit.agent.guest.HostMemory;
import dev.godwit.agent.guest.Hypervisors;
import dev.godwit.agent.guest.Inventory;
import dev.godwit.agent.guest.Leases;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.guest.Moves;
import dev.godwit.agent.guest.Power;
import dev.godwit.agent.guest.Removal;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.host.IncomingStreams;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.agent.host.LockDaemon;
import dev.godwit.agent.host.QemuCertificates;
import dev.godwit.agent.host.QemuPorts;
import dev.godwit.agent.host.QuietGuests;
import dev.godwit.agent.lock.LockSetup;
import dev.godwit.agent.look.Leftovers;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.look.Reports;
import dev.godwit.agent.look.Witness;
import dev.godwit.agent.note.Notebook;
import dev.godwit.agent.note.TurnNotes;
import dev.godwit.agent.service.PlanDesk;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.port.Tempo;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One host's hands, put together: all that an agent does but for the wire that its orders come by.
 * Killed at any moment and started again, they go on.
 */
public final class Hands implements AutoCloseable {
  /** A healthy link answers within milliseconds; a lost first packet is sent again after 1 s. */
  private static final Duration LINK_PATIENCE = Duration.ofSeconds(2);

  private final Notebook notebook;
  private final Daemon daemon;
  private final HostEvents events;
  private final Witness witness;
  private final Transfers transfers;
  private final PostCopyRecovery recovery;
  private final Listing listing;
  private final Inventory inventory;
  private final OrderDesk orders;
  private final PlanDesk plans;
  private final GuestDesk guests;
  private final TraceDesk traces;
  private final Sweeper sweeper;

  /**
   * The hands of a host.
   *
   * @param rules which orders it carries out
   * @param reports where its news go
   */
  public Hands(
      AgentConfiguration configuration,
      Machine machine,
      Rules rules,
      Function<Listing, Reports> reports) {
    FileSystem system = machine.files();
    Clock clock = machine.clock();
    Tempo tempo = machine.tempo();
    notebook = Notebook.open(configuration.stateDirectory().resolve("migrations"), clock);
    daemon = new Daemon(configuration.daemon().uri(), machine.libvirt(), tempo);
    events = new HostEvents(daemon, tempo, machine.ids());
    listing = new Listing(daemon, system);
    Reports news = reports.apply(listing);
    Look look = new Look(daemon, events, notebook, new QuietGuests(tempo), clock);
    witness = new Witness(notebook, look, news, tempo);
    OpenFiles openFiles = new OpenFiles(system.getPath("/proc"), system.getPath("/sys"));
    ImageTool images = new ImageTool(machine.programs());
    MovingFiles moving = new MovingFiles(system, images, openFiles);
    MovedFiles moved = new MovedFiles(system, openFiles);
    QemuCertificates certificates = new QemuCertificates(system.getPath("/etc"), clock);
    transfers =
        new Transfers(
            daemon,
            notebook,
            witness,
            new Progress(daemon, news, clock, tempo),
            new Transport(configuration.daemon().plainTextPermitted(), certificates),
            tempo);
    SourceClearing left = new SourceClearing(daemon, look, moved, listing);
    LinkTrial link = new LinkTrial(LINK_PATIENCE, machine.dialer());
    recovery = new PostCopyRecovery(daemon, look, transfers, link, tempo);
    Turns turns = new Turns(tempo);
    orders =
        new OrderDesk(
            configuration.host(),
            rules,
            notebook,
            look,
            new SourceActs(
                daemon,
                look,
                transfers,
                recovery,
                new SourceFence(daemon, notebook, look, tempo),
                left),
            new DestinationActs(
                daemon,
                events,
                notebook,
                look,
                moving,
                new DestinationClearing(daemon, notebook, look, moving, left),
                new IncomingStreams(system, machine.keepAlive())),
            turns);
    Path kvm = system.getPath("/dev/kvm");
    Hypervisors hypervisors =
        new Hypervisors(
            daemon, configuration.daemon().virtType(), () -> Hypervisors.opens(kvm), tempo);
    HostMemory memory = new HostMemory(system.getPath("/proc/meminfo"));
    inventory = new Inventory(configuration, hypervisors, listing, memory, machine.ids());
    SharedProof proof =
        new SharedProof(system, configuration.stateDirectory().resolve("proofs"), tempo);
    Leases leases = new Leases(system, new LockDaemon(system.getPath("/")), proof);
    plans =
        new PlanDesk(
            new Describer(daemon, hypervisors, images, system, leases),
            new Assessor(
                configuration,
                daemon,
                hypervisors,
                new Leftovers(events, notebook),
                new Assessor.Eyes(
                    system,
                    new DiskSurvey(system, images, moving, proof),
                    leases,
                    memory,
                    certificates)),
            new Departure(moved, listing, link),
            proof);
    MarkedFiles marked =
        new MarkedFiles(
            places(system, configuration),
            shared(system, configuration),
            () -> LockSetup.space(system.getPath("/etc/libvirt")),
            openFiles,
            clock);
    traces =
        new TraceDesk(
            new TraceDesk.Eyes(marked, new QemuPorts(system.getPath("/proc"))),
            new MarkedRemoval(marked),
            notebook,
            listing,
            turns);
    sweeper = new Sweeper(proof, tempo);
    InstanceFiles files = new InstanceFiles(configuration.host(), images, openFiles);
    Moves moves = new Moves(notebook);
    guests =
        new GuestDesk(
            new GuestDesk.Workers(
                new Creation(configuration, daemon, hypervisors, files),
                new Power(daemon, moves, configuration.stopPatience(), tempo),
                new Removal(daemon, moves, files, listing),
                new Adoption(daemon, moves, files, listing)),
            TurnNotes.open(configuration.stateDirectory().resolve("turns"), clock),
            new Turns(tempo),
            turns);
  }

  private static Optional<Path> shared(FileSystem system, AgentConfiguration configuration) {
    return configuration.directories().shared().map(it -> system.getPath(it.toString()));
  }

  private static List<Path> places(FileSystem system, AgentConfiguration configuration) {
    return Stream.concat(
            Stream.of(system.getPath(configuration.directories().local().toString())),
            shared(system, configuration).stream())
        .distinct()
        .toList();
  }

  /** What this host still holds of Godwit's. */
  public TraceDesk traces() {
    return traces;
  }

  /** Orders of migrations. */
  public OrderDesk orders() {
    return orders;
  }

  /** Questions before a move. */
  public PlanDesk plans() {
    return plans;
  }

  /** Owners' wishes. */
  public GuestDesk guests() {
    return guests;
  }

  public Listing listing() {
    return listing;
  }

  public Inventory inventory() {
    return inventory;
  }

  /** Begins to watch, after what was under way has been found again. */
  public void start() {
    events.listen(witness::saw);
    events.start();
    transfers.reattach();
    sweeper.start();
  }

  @Override
  public void close() {
    sweeper.close();
    recovery.close();
    transfers.close();
    events.close();
    daemon.close();
    notebook.close();
  }
}
