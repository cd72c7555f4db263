package dev.godwit.agent.guest;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes guests. The guest is started first and defined when it runs, so that a definition means a
 * creation that was finished, whenever it was interrupted.
 */
public final class Creation {
  private static final StepReply DONE = new StepReply.Done();

  private final AgentConfiguration configuration;
  private final Daemon daemon;
  private final Hypervisors hypervisors;
  private final InstanceFiles files;

  public Creation(
      AgentConfiguration configuration,
      Daemon daemon,
      Hypervisors hypervisors,
      InstanceFiles files) {
    this.configuration = configuration;
    this.daemon = daemon;
    this.hypervisors = hypervisors;
    this.files = files;
  }

  private enum There {
    NOTHING,
    ANOTHERS,
    STARTED,
    FINISHED
  }

  StepReply create(InstanceId instance, GuestSpec spec) {
    Optional<Refusal> impossible = impossible(spec);
    if (impossible.isPresent()) {
      return new StepReply.Refused(impossible.get());
    }
    Map<String, Path> paths = paths(instance, spec);
    return switch (there(instance)) {
      case ANOTHERS ->
          refused(
              "domain-in-the-way",
              "no domain with the UUID " + instance,
              "one that Godwit did not make",
              "Adopt it, or create the guest under another id.");
      case FINISHED -> {
        files.created(instance, paths.values());
        yield DONE;
      }
      case STARTED -> finish(instance, spec, paths);
      case NOTHING -> begin(instance, spec, paths);
    };
  }

  private There there(InstanceId instance) {
    return daemon.ask(
        Daemon.Use.ACT,
        connection -> {
          Domain domain = connection.domain(instance.value());
          if (!domain.exists()) {
            return There.NOTHING;
          }
          if (!DomainXml.parse(domain.xml()).ours()) {
            return There.ANOTHERS;
          }
          return domain.isPersistent() ? There.FINISHED : There.STARTED;
        });
  }

  private StepReply begin(InstanceId instance, GuestSpec spec, Map<String, Path> paths) {
    try {
      for (DiskSpec disk : spec.disks()) {
        Optional<Refusal> refusal =
            files.makeNew(
                instance,
                Objects.requireNonNull(paths.get(disk.target())),
                disk.format(),
                disk.sizeBytes(),
                disk.backingFile());
        if (refusal.isPresent()) {
          files.removeUnfinished(instance, paths.values());
          return new StepReply.Refused(refusal.get());
        }
      }
      String xml = xml(instance, spec, paths);
      daemon.ask(Daemon.Use.ACT, connection -> connection.create(xml, List.of()));
    } catch (LibvirtException | FileTrouble e) {
      undo(instance, paths);
      throw e;
    }
    return finish(instance, spec, paths);
  }

  private StepReply finish(InstanceId instance, GuestSpec spec, Map<String, Path> paths) {
    String xml = xml(instance, spec, paths);
    daemon.ask(Daemon.Use.ACT, connection -> connection.define(xml));
    files.created(instance, paths.values());
    return DONE;
  }

  /** Nothing is left; what cannot be taken away now is taken over by the next attempt. */
  private void undo(InstanceId instance, Map<String, Path> paths) {
    if (there(instance) == There.NOTHING) {
      files.removeUnfinished(instance, paths.values());
    }
  }

  private String xml(InstanceId instance, GuestSpec spec, Map<String, Path> paths) {
    return NewDomain.xml(
        instance, spec, paths, hypervisors.found(), configuration.bridge().orElse(""));
  }

  private Optional<Refusal> impossible(GuestSpec spec) {
    if (!spec.networkAddresses().isEmpty() && configuration.bridge().isEmpty()) {
      return Optional.of(
          refusal(
              "no-bridge",
              "a bridge for the guest's network card",
              "none in the agent's configuration",
              "Set network.bridge, or create the guest without a network."));
    }
    boolean shared =
        spec.disks().stream().anyMatch(disk -> disk.directory() == DirectoryKind.SHARED);
    if (shared && configuration.directories().shared().isEmpty()) {
      return Optional.of(
          refusal(
              "no-shared-directory",
              "a directory shared with other hosts",
              "none in the agent's configuration",
              "Set directories.shared, or put the disk on the host's own directory."));
    }
    long targets = spec.disks().stream().map(DiskSpec::target).distinct().count();
    return targets < spec.disks().size()
        ? Optional.of(
            refusal(
                "disk-target",
                "a target of its own for each disk",
                "one that is there twice",
                "Name the disks vda, vdb and so on."))
        : Optional.empty();
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

  private StepReply refused(String code, String expected, String found, String remedy) {
    return new StepReply.Refused(refusal(code, expected, found, remedy));
  }

  private Refusal refusal(String code, String expected, String found, String remedy) {
    return new Refusal(code, configuration.host().value(), expected, found, remedy);
  }
}
