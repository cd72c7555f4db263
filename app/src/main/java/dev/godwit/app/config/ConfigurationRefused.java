package dev.godwit.app.config;

import java.util.List;

/** A configuration that cannot be used; nothing was started. Each line names file and option. */
public final class ConfigurationRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigurationRefused(List<String> troubles) {
    super(String.join("\n", troubles));
  }
}
