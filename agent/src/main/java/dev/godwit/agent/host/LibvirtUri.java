package dev.godwit.agent.host;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where a libvirt daemon of another host listens.
 *
 * @param host name or address, an IPv6 address without brackets
 */
public record LibvirtUri(String host, int port) {
  private static final int LIBVIRT_TCP = 16509;
  private static final int LIBVIRT_TLS = 16514;
  private static final int SSH = 22;
  private static final int MOST = 65_535;

  /** A URI with the address for its %s, with or without brackets about it. */
  public static String at(String template, String address) {
    return template.replace("[%s]", "%s").replace("%s", bracketed(address));
  }

  /** An address as it stands in URIs and before a port. */
  public static String bracketed(String address) {
    return address.contains(":") && !address.startsWith("[") ? "[" + address + "]" : address;
  }

  /**
   * What a URI says; empty for a daemon that is reached without TCP. {@link
   * IllegalArgumentException} when it is none, or names no port that there is.
   */
  public static Optional<LibvirtUri> listening(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no URI: " + e.getMessage(), e);
    }
    String authority = String.valueOf(uri.getRawAuthority());
    String address = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = address.lastIndexOf(':');
    boolean named = colon > address.lastIndexOf(']');
    String host = named ? address.substring(0, colon) : address;
    int usual = usualPort(String.valueOf(uri.getScheme()));
    if (uri.getRawAuthority() == null || host.isEmpty() || usual == 0) {
      return Optional.empty();
    }
    int port = named ? port(address.substring(colon + 1)) : usual;
    return Optional.of(new LibvirtUri(host.replace("[", "").replace("]", ""), port));
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > MOST) {
      throw new IllegalArgumentException(
          "expected a port from 1 to %d, found '%s'".formatted(MOST, text));
    }
    return port;
  }

  private static int usualPort(String scheme) {
    return switch (scheme.substring(scheme.indexOf('+') + 1)) {
      case "tcp" -> LIBVIRT_TCP;
      // libvirt takes TLS where no transport is named.
      case "tls", "qemu" -> LIBVIRT_TLS;
      case "ssh", "libssh", "libssh2" -> SSH;
      default -> 0;
    };
  }
}
