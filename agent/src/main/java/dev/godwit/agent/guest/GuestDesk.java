package dev.godwit.agent.guest;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.UndefineFlag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Owners' wishes for their guests. A repeat of a wish that came true is a no-op. */
public final class GuestDesk {
  private static final StepReply DONE = new StepReply.Done();

  private final AgentConfiguration configuration;
  private final Daemon daemon;
  private final Hypervisors hypervisors;
  private final InstanceFiles files;
  private final Listing listing;

  public GuestDesk(
      AgentConfiguration configuration,
      Daemon daemon,
      Hypervisors hypervisors,
      InstanceFiles files,
      Listing listing) {
    this.configuration = configuration;
    this.daemon = daemon;
    this.hypervisors = hypervisors;
    this.files = files;
    this.listing = listing;
  }

  /** Makes disks and definition and starts the guest; on refusal nothing is left. */
  public StepReply create(InstanceId instance, GuestSpec spec) {
    return safely(
        "create",
        () -> {
          if (daemon.ask(Daemon.Use.ACT, c -> c.domain(instance.value()).exists())) {
            return DONE;
          }
          Optional<Refusal> impossible = impossible(spec);
          if (impossible.isPresent()) {
            return new StepReply.Refused(impossible.get());
          }
          Map<String, Path> paths = paths(instance, spec);
          try {
            for (DiskSpec disk : spec.disks()) {
              Optional<Refusal> refusal =
                  files.makeNew(
                      instance,
                      path(paths, disk),
                      disk.format(),
                      disk.sizeBytes(),
                      disk.backingFile());
              if (refusal.isPresent()) {
                files.removeOwn(instance, List.copyOf(paths.values()));
                return new StepReply.Refused(refusal.get());
              }
            }
            define(instance, spec, paths);
            return DONE;
          } catch (LibvirtException | FileTrouble e) {
            undo(instance, paths);
            throw e;
          }
        });
  }

  private Optional<Refusal> impossible(GuestSpec spec) {
    if (!spec.networkAddresses().isEmpty() && configuration.bridge().isEmpty()) {
      return Optional.of(
          new Refusal(
              "no-bridge",
              configuration.host().value(),
              "a bridge for the guest's network card",
              "none in the agent's configuration",
              "Set network.bridge, or create the guest without a network."));
    }
    boolean shared =
        spec.disks().stream().anyMatch(disk -> disk.directory() == DirectoryKind.SHARED);
    if (shared && configuration.directories().shared().isEmpty()) {
      return Optional.of(
          new Refusal(
              "no-shared-directory",
              configuration.host().value(),
              "a directory shared with other hosts",
              "none in the agent's configuration",
              "Set directories.shared, or put the disk on the host's own directory."));
    }
    return Optional.empty();
  }

  private Map<String, Path> paths(InstanceId instance, GuestSpec spec) {
    Map<String, Path> paths = new LinkedHashMap<>();
    for (DiskSpec disk : spec.disks()) {
      Path root =
          switch (disk.directory()) {
            case SHARED -> configuration.directories().shared().orElseThrow();
            case LOCAL -> configuration.directories().local();
          };
      paths.put(
          disk.target(),
          root.resolve(instance.toString()).resolve(disk.target() + "." + disk.format().word()));
    }
    return paths;
  }

  private static Path path(Map<String, Path> paths, DiskSpec disk) {
    return java.util.Objects.requireNonNull(paths.get(disk.target()));
  }

  private void define(InstanceId instance, GuestSpec spec, Map<String, Path> paths) {
    Hypervisors.Found hypervisor = hypervisors.found();
    String xml =
        NewDomain.xml(
            instance,
            spec,
            paths,
            hypervisor.virtType(),
            hypervisor.emulator(),
            configuration.bridge().orElse(""));
    daemon.ask(
        Daemon.Use.ACT,
        connection -> {
          connection.define(xml).start();
          return true;
        });
  }

  private void undo(InstanceId instance, Map<String, Path> paths) {
    daemon.ask(
        Daemon.Use.ACT,
        connection -> {
          Domain domain = connection.domain(instance.value());
          if (domain.exists()) {
            remove(domain);
          }
          return true;
        });
    files.removeOwn(instance, List.copyOf(paths.values()));
  }

  /** Changes the power state; refused while a job (a migration) runs on the guest. */
  public StepReply power(InstanceId instance, PowerAction action) {
    return safely(
        action.name(),
        () ->
            daemon.ask(
                Daemon.Use.ACT,
                connection -> {
                  Domain domain = connection.domain(instance.value());
                  Optional<Refusal> busy = busy(domain);
                  if (busy.isPresent()) {
                    return new StepReply.Refused(busy.get());
                  }
                  power(domain, action);
                  return DONE;
                }));
  }

  private void power(Domain domain, PowerAction action) {
    DomainState state = domain.state().state();
    switch (action) {
      case START -> {
        if (!domain.isActive()) {
          domain.start();
        }
      }
      case STOP -> stop(domain);
      case REBOOT_SOFT -> domain.reboot();
      case REBOOT_HARD -> {
        if (domain.isActive()) {
          domain.reset();
        } else {
          domain.start();
        }
      }
      case PAUSE -> {
        if (state == DomainState.RUNNING) {
          domain.suspend();
        }
      }
      case UNPAUSE -> {
        if (state == DomainState.PAUSED) {
          domain.resume();
        }
      }
    }
  }

  private void stop(Domain domain) {
    if (!domain.isActive()) {
      return;
    }
    if (domain.state().state() == DomainState.RUNNING) {
      domain.shutdown();
      long until = System.nanoTime() + configuration.stopPatience().toNanos();
      while (domain.isActive() && System.nanoTime() < until && pause()) {
        // The guest is shutting down.
      }
    }
    if (domain.isActive()) {
      domain.destroy();
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(Duration.ofMillis(100));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Optional<Refusal> busy(Domain domain) {
    if (!domain.isActive()) {
      return Optional.empty();
    }
    boolean free;
    try {
      free = domain.job().info().type() == JobType.NONE;
    } catch (LibvirtException e) {
      if (!e.isOperationUnsupported()) {
        throw e;
      }
      free = false;
    }
    return free
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "guest-busy",
                domain.uuid().toString(),
                "a guest without a job",
                "one that is being moved",
                "Wait until the move is over, then ask again."));
  }

  /** Destroys and undefines the domain and removes the disks that are marked as its own. */
  public StepReply delete(InstanceId instance) {
    return safely(
        "delete",
        () ->
            daemon.ask(
                Daemon.Use.ACT,
                connection -> {
                  Domain domain = connection.domain(instance.value());
                  if (!domain.exists()) {
                    return DONE;
                  }
                  Optional<Refusal> busy = busy(domain);
                  if (busy.isPresent()) {
                    return new StepReply.Refused(busy.get());
                  }
                  List<Path> disks = disks(domain);
                  remove(domain);
                  files.removeOwn(instance, disks);
                  return DONE;
                }));
  }

  private static List<Path> disks(Domain domain) {
    return DomainXml.parse(domain.xml()).disks().stream()
        .filter(disk -> disk.kind().equals("file"))
        .map(disk -> Path.of(disk.path()))
        .toList();
  }

  private static void remove(Domain domain) {
    if (domain.isActive()) {
      domain.destroy();
    }
    if (domain.exists() && domain.isPersistent()) {
      domain.undefine(
          UndefineFlag.MANAGED_SAVE, UndefineFlag.SNAPSHOTS_METADATA, UndefineFlag.NVRAM);
    }
  }

  /** Marks a domain and its writable disks as Godwit's; its run is not touched. */
  public Answer<GuestListing> adopt(InstanceId instance) {
    try {
      return daemon.ask(Daemon.Use.ACT, connection -> adopt(connection, instance));
    } catch (LibvirtException e) {
      return new Answer.Refused<>(trouble("adopt", e.text()));
    } catch (FileTrouble e) {
      return new Answer.Refused<>(trouble("adopt", String.valueOf(e.getMessage())));
    }
  }

  private Answer<GuestListing> adopt(Connection connection, InstanceId instance) {
    Domain domain = connection.domain(instance.value());
    if (!domain.exists()) {
      return new Answer.Refused<>(
          new Refusal(
              "no-guest",
              instance.toString(),
              "a domain with this UUID on " + configuration.host(),
              "none",
              "List the host's domains with godwit host list."));
    }
    if (!domain.isPersistent()) {
      return new Answer.Refused<>(
          new Refusal(
              "transient-guest",
              instance.toString(),
              "a domain with a definition",
              "a transient one",
              "Define it (virsh define) from its own XML, then adopt it."));
    }
    for (DomainXml.Disk disk : DomainXml.parse(domain.xml()).disks()) {
      if (disk.kind().equals("file") && disk.writable() && !disk.shareable()) {
        Optional<Refusal> refusal = files.adopt(instance, Path.of(disk.path()));
        if (refusal.isPresent()) {
          return new Answer.Refused<>(refusal.get());
        }
      }
    }
    domain.setMetadata("godwit", DomainXml.NAMESPACE, "<instance/>", domain.isActive());
    return new Answer.Given<>(listing.of(domain));
  }

  private interface Work {
    StepReply run();
  }

  private static StepReply safely(String what, Work work) {
    try {
      return work.run();
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return new StepReply.Refused(
            new Refusal(
                "no-guest", what, "a guest on this host", "none", "Look where the guest is."));
      }
      return new StepReply.Refused(trouble(what, e.text()));
    } catch (FileTrouble e) {
      return new StepReply.Refused(trouble(what, String.valueOf(e.getMessage())));
    }
  }

  private static Refusal trouble(String what, String found) {
    return new Refusal(
        "host-trouble", what, "it done", found, "Look at libvirtd, QEMU and the disk's room.");
  }
}
