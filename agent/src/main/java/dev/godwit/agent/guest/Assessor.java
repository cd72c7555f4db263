package dev.godwit.agent.guest;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostTrouble;
import dev.godwit.agent.host.LibvirtUri;
import dev.godwit.agent.host.QemuCertificates;
import dev.godwit.agent.look.Leftovers;
import dev.godwit.agent.look.Leftovers.Found;
import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.CpuComparison;
import dev.godwit.libvirt.ErrorCode;
import dev.godwit.libvirt.LibvirtException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Describes this host as a candidate for one guest; nothing is made here. */
public final class Assessor {
  private final AgentConfiguration configuration;
  private final Daemon daemon;
  private final Hypervisors hypervisors;
  private final Leftovers leftovers;
  private final Eyes eyes;

  /** What looks at the host's files. */
  public record Eyes(
      FileSystem system,
      DiskSurvey disks,
      Leases leases,
      HostMemory memory,
      QemuCertificates certificates) {}

  public Assessor(
      AgentConfiguration configuration,
      Daemon daemon,
      Hypervisors hypervisors,
      Leftovers leftovers,
      Eyes eyes) {
    this.configuration = configuration;
    this.daemon = daemon;
    this.hypervisors = hypervisors;
    this.leftovers = leftovers;
    this.eyes = eyes;
  }

  /** The facts, or why they cannot be had. */
  public Answer<DestinationFacts> assess(ProofId proof, InstanceId instance, GuestFacts guest) {
    try {
      return new Answer.Given<>(
          daemon.ask(Daemon.Use.ACT, connection -> facts(connection, proof, instance, guest)));
    } catch (LibvirtException e) {
      return new Answer.Refused<>(refusal("libvirt's answer", e.text()));
    } catch (FileTrouble | HostTrouble e) {
      return new Answer.Refused<>(refusal("a host in order", "" + e.getMessage()));
    }
  }

  private Refusal refusal(String expected, String found) {
    return new Refusal(
        "candidate",
        configuration.host().value(),
        expected,
        found,
        "Look at libvirtd and the directories of this host.");
  }

  private DestinationFacts facts(
      Connection connection, ProofId proof, InstanceId instance, GuestFacts guest) {
    Hypervisors.Found hypervisor = hypervisors.found();
    List<String> shared = eyes.disks.shared(proof, guest);
    Cpu cpu = cpu(connection, guest);
    boolean tls = configuration.daemon().nativeTls() && eyes.certificates.receiving();
    return new DestinationFacts(
        hypervisor.type(),
        hypervisor.hypervisorVersion(),
        hypervisor.libvirtVersion(),
        hypervisor.virtTypes(),
        machineSupported(connection, guest),
        cpu.verdict,
        cpu.detail,
        eyes.memory.now().availableMib(),
        shared,
        eyes.disks.room(guest),
        eyes.disks.readOnlyTrouble(guest, shared),
        Stream.concat(
                eyes.disks.missing(guest).stream(), eyes.disks.missingBootFiles(guest).stream())
            .toList(),
        eyes.disks.inTheWay(instance, guest, shared),
        domainInTheWay(connection, proof.migration(), instance, guest),
        guest.bridges().stream().filter(bridge -> !isBridge(bridge)).toList(),
        tls,
        configuration.daemon().plainTextPermitted(),
        eyes.disks.locked(guest, shared),
        eyes.leases.refused(proof, guest.leases()),
        LibvirtUri.at(configuration.daemon().liveMigrationUri(), configuration.address()),
        migrateUri(configuration.daemon().inboundAddress()));
  }

  static String migrateUri(String address) {
    return "tcp://" + LibvirtUri.bracketed(address);
  }

  private record Cpu(CpuVerdict verdict, String detail) {}

  private static Cpu cpu(Connection connection, GuestFacts guest) {
    if (guest.cpuXml().isEmpty()) {
      return new Cpu(CpuVerdict.NOT_COMPARABLE, "");
    }
    try {
      CpuComparison result =
          connection.compareHypervisorCpu(
              Hypervisors.forGuest(guest), guest.cpuXml().orElseThrow());
      return result == CpuComparison.INCOMPATIBLE
          ? new Cpu(CpuVerdict.INCOMPATIBLE, "libvirt calls it incompatible")
          : new Cpu(CpuVerdict.COMPATIBLE, "");
    } catch (LibvirtException e) {
      return e.errorCode() == ErrorCode.CPU_INCOMPATIBLE
          ? new Cpu(CpuVerdict.INCOMPATIBLE, e.text())
          : new Cpu(CpuVerdict.NOT_COMPARABLE, e.text());
    }
  }

  private static boolean machineSupported(Connection connection, GuestFacts guest) {
    try {
      connection.domainCapabilitiesXml(Hypervisors.forGuest(guest));
      return true;
    } catch (LibvirtException e) {
      if (e.isConnectionProblem()) {
        throw e;
      }
      return false;
    }
  }

  /** What a migration of ours left is none: it is cleared when the next one prepares. */
  private Optional<String> domainInTheWay(
      Connection connection, MigrationId migration, InstanceId instance, GuestFacts guest) {
    return switch (leftovers.before(connection, migration, instance)) {
      case Found.InTheWay(String what) -> Optional.of(what);
      case Found.Nothing(), Found.Definition() ->
          connection
              .domainNamed(guest.name())
              .filter(other -> !other.uuid().equals(instance.value()))
              .map(other -> "domain " + other.uuid() + " has the name " + guest.name());
    };
  }

  private boolean isBridge(String name) {
    return Files.isDirectory(eyes.system.getPath("/sys/class/net").resolve(name).resolve("bridge"));
  }
}
