package dev.godwit.libvirt;

import dev.godwit.libvirt.TypedParameters.Text;
import dev.godwit.libvirt.TypedParameters.Value;
import dev.godwit.libvirt.TypedParameters.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What virDomainMigrateToURI3 is told: the destination's libvirt URI, the flags and the typed
 * parameters. Immutable; made by {@link #to}.
 */
public final class MigrateParameters {
  /** One typed parameter; {@code wide} tells libvirt's unsigned long long from its int. */
  record Parameter(String name, Value value, boolean wide) {}

  private final String destinationUri;
  private final Set<MigrateFlag> flags;
  private final List<Parameter> parameters;

  private MigrateParameters(Builder builder) {
    this.destinationUri = builder.destinationUri;
    this.flags = Set.copyOf(builder.flags);
    this.parameters = List.copyOf(builder.parameters);
  }

  /**
   * Begins the parameters of a move.
   *
   * @param destinationUri as {@code qemu+tls://host/system}: with PEER2PEER the source daemon opens
   *     it, so it must mean the destination there
   */
  public static Builder to(String destinationUri) {
    return new Builder(destinationUri);
  }

  public String destinationUri() {
    return destinationUri;
  }

  public Set<MigrateFlag> flags() {
    return flags;
  }

  /** The disks that are copied, by target; empty when all writable ones that are not shared are. */
  public List<String> disks() {
    return parameters.stream()
        .filter(it -> it.name().equals("migrate_disks"))
        .map(it -> ((Text) it.value()).value())
        .toList();
  }

  /** The running guest as the destination shall have it; empty when that is as it is here. */
  public Optional<String> destinationXml() {
    return text("destination_xml");
  }

  /** The definition that the destination keeps; empty when that is the one here. */
  public Optional<String> persistentXml() {
    return text("persistent_xml");
  }

  private Optional<String> text(String name) {
    return parameters.stream()
        .filter(it -> it.name().equals(name))
        .map(it -> ((Text) it.value()).value())
        .findFirst();
  }

  /** MiB a second; 0 when that is left to libvirt. */
  public long bandwidthMibPerSecond() {
    return parameters.stream()
        .filter(it -> it.name().equals("bandwidth"))
        .mapToLong(it -> ((Whole) it.value()).value())
        .findFirst()
        .orElse(0);
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /** Names only: a value may be a domain's XML. */
  @Override
  public String toString() {
    return "to "
        + destinationUri
        + " "
        + flags
        + " with "
        + parameters.stream().map(Parameter::name).toList();
  }

  /** Collects the parameters; each method names the one of libvirt that it sets. */
  public static final class Builder {
    private final String destinationUri;
    private final EnumSet<MigrateFlag> flags = EnumSet.noneOf(MigrateFlag.class);
    private final List<Parameter> parameters = new ArrayList<>();

    private Builder(String destinationUri) {
      if (destinationUri.isBlank() || destinationUri.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "expected the destination's libvirt URI, found "
                + (destinationUri.isBlank() ? "none" : "one with a zero byte"));
      }
      this.destinationUri = destinationUri;
    }

    public Builder flags(MigrateFlag... more) {
      flags.addAll(Arrays.asList(more));
      return this;
    }

    public Builder flags(Collection<MigrateFlag> more) {
      flags.addAll(more);
      return this;
    }

    /** migrate_uri: where QEMU itself connects to, as {@code tcp://10.0.0.2}. */
    public Builder migrateUri(String uri) {
      return text("migrate_uri", uri);
    }

    /** destination_name: the guest's name at the destination. */
    public Builder destinationName(String name) {
      return text("destination_name", name);
    }

    /** destination_xml: the running guest as the destination shall have it. */
    public Builder destinationXml(String xml) {
      return text("destination_xml", xml);
    }

    /** persistent_xml: the definition that the destination keeps. */
    public Builder persistentXml(String xml) {
      return text("persistent_xml", xml);
    }

    /** graphics_uri: where a viewer shall go, as {@code spice://host:5900}. */
    public Builder graphicsUri(String uri) {
      return text("graphics_uri", uri);
    }

    /** listen_address: the destination's address that waits for the memory and the disks. */
    public Builder listenAddress(String address) {
      return text("listen_address", address);
    }

    /** migrate_disks: targets such as {@code vda}; without it all writable unshared ones. */
    public Builder disks(Collection<String> targets) {
      targets.forEach(target -> oneOfSeveral("migrate_disks", target));
      return this;
    }

    /** disks_uri: where the disks are copied to, as {@code tcp://10.0.0.2:49200}. */
    public Builder disksUri(String uri) {
      return text("disks_uri", uri);
    }

    /** disks_port. */
    public Builder disksPort(int port) {
      return number("disks_port", port, false, 1, 65535);
    }

    /** bandwidth, MiB per second; 0 leaves it to libvirt. */
    public Builder bandwidthMibPerSecond(long limit) {
      return number("bandwidth", limit, true, 0, Long.MAX_VALUE >> 20);
    }

    /** bandwidth.postcopy, MiB per second; 0 leaves it to libvirt. */
    public Builder postCopyBandwidthMibPerSecond(long limit) {
      return number("bandwidth.postcopy", limit, true, 0, Long.MAX_VALUE >> 20);
    }

    /** parallel.connections; goes with the flag PARALLEL. */
    public Builder parallelConnections(int connections) {
      return number("parallel.connections", connections, false, 1, 255);
    }

    /** tls.destination: the name in the destination's certificate. */
    public Builder tlsDestination(String name) {
      return text("tls.destination", name);
    }

    /** auto_converge.initial, per cent; goes with the flag AUTO_CONVERGE. */
    public Builder autoConvergeInitialPercent(int percent) {
      return number("auto_converge.initial", percent, false, 1, 99);
    }

    /** auto_converge.increment, per cent. */
    public Builder autoConvergeIncrementPercent(int percent) {
      return number("auto_converge.increment", percent, false, 1, 99);
    }

    /** compression: methods such as {@code xbzrle}; goes with the flag COMPRESSED. */
    public Builder compression(Collection<String> methods) {
      methods.forEach(method -> oneOfSeveral("compression", method));
      return this;
    }

    /** compression.xbzrle.cache, bytes. */
    public Builder xbzrleCacheBytes(long bytes) {
      return number("compression.xbzrle.cache", bytes, true, 1, Long.MAX_VALUE);
    }

    public MigrateParameters build() {
      return new MigrateParameters(this);
    }

    private Builder text(String name, String value) {
      once(name);
      return oneOfSeveral(name, value);
    }

    private Builder oneOfSeveral(String name, String value) {
      if (value.isBlank() || value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(name + " is empty or has a zero byte in it");
      }
      parameters.add(new Parameter(name, new Text(value), false));
      return this;
    }

    /** libvirt refuses a second value too, but only when the move begins. */
    private void once(String name) {
      if (parameters.stream().anyMatch(it -> it.name().equals(name))) {
        throw new IllegalArgumentException(name + " was given twice");
      }
    }

    private Builder number(String name, long value, boolean wide, long least, long most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            name + " must be from " + least + " to " + most + ", found " + value);
      }
      once(name);
      parameters.add(new Parameter(name, new Whole(value), wide));
      return this;
    }
  }
}
