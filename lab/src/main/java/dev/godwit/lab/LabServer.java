package dev.godwit.lab;

import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;

/**
 * One of the lab's servers: the first is {@code server}, the others server2, server3, … All are
 * beside the switch, each with ports of its own.
 */
record LabServer(int number) {
  static final LabServer FIRST = new LabServer(1);
  private static final String WORD = "server";

  /** True for a name that a server of a lab may have. */
  static boolean isName(String name) {
    return name.matches("server[2-9]?");
  }

  static LabServer of(String name) {
    return name.equals(WORD)
        ? FIRST
        : new LabServer(Integer.parseInt(name.substring(WORD.length())));
  }

  String name() {
    return number == 1 ? WORD : WORD + number;
  }

  /** A file's name, told from those of the other servers. */
  String file(String before, String after) {
    return number == 1 ? before + after : before + number + after;
  }

  Path home(LabFolder folder) {
    return folder.root().resolve(name());
  }

  Path configuration(LabFolder folder) {
    return home(folder).resolve("server.toml");
  }

  int apiPort() {
    return LabConfiguration.API_PORT + (number - 1) * 10;
  }

  int registryPort() {
    return LabConfiguration.REGISTRY_PORT + (number - 1) * 10;
  }
}
