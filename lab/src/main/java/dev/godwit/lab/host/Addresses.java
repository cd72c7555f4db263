package dev.godwit.lab.host;

/** The lab's addresses; they exist only inside its namespaces, so every lab uses the same. */
public final class Addresses {
  /** The switch, where the server runs. */
  public static final String SERVER = "10.77.0.1";

  /** The switch on the guests' network, where probes run. */
  public static final String NEIGHBOUR = "10.78.0.1";

  private Addresses() {}

  /** A host's management and migration address; hosts are h1, h2, … */
  public static String host(String name) {
    return "10.77.0." + (10 + number(name));
  }

  /** A guest's address. */
  public static String guest(int number) {
    return "10.78.0." + (100 + number);
  }

  /**
   * The address of a guest that was told none: it follows from its network card's, so that one
   * image serves many.
   */
  public static String guest(String hardware) {
    String[] parts = hardware.split(":", -1);
    if (parts.length != 6) {
      throw new LabFailure("hardware address: expected six parts, found '" + hardware + "'");
    }
    return "10.78.%d.%d"
        .formatted(128 + Integer.parseInt(parts[4], 16) % 64, Integer.parseInt(parts[5], 16));
  }

  /**
   * A hardware address that stays when a host comes back: else its peers go on sending to the old
   * one until they give up. Networks are 0 (management) and 1 (guests); host 0 is the switch.
   */
  static String hardware(int network, int host) {
    return "02:60:d3:17:%02x:%02x".formatted(network, host);
  }

  /** 1 for h1; {@link LabFailure} for a name that is none. */
  public static int number(String name) {
    if (!name.matches("h[1-9][0-9]?")) {
      throw new LabFailure("host: expected h1 to h99, found '" + name + "'");
    }
    return Integer.parseInt(name.substring(1));
  }
}
