package dev.godwit.libvirt;

import java.time.Duration;

/**
 * How to open a connection.
 *
 * @param uri libvirt's URI, as {@code qemu:///system?socket=/path} or {@code
 *     qemu+tls://host/system}
 * @param openDeadline how long opening may take
 * @param callDeadline how long a call may take, waiting for its turn included
 */
public record ConnectionOptions(
    String uri, Duration openDeadline, Duration callDeadline, KeepAlive keepAlive) {
  public ConnectionOptions {
    if (uri.isBlank() || uri.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "expected a libvirt URI such as qemu:///system, found "
              + (uri.isBlank() ? "an empty one" : "one with a zero byte"));
    }
    if (!openDeadline.isPositive() || !callDeadline.isPositive()) {
      throw new IllegalArgumentException(
          "deadlines must be longer than nothing, found " + openDeadline + " and " + callDeadline);
    }
  }

  /** Ten seconds to open, ten for a call, libvirt's own keep-alive. */
  public static ConnectionOptions to(String uri) {
    return new ConnectionOptions(
        uri, Duration.ofSeconds(10), Duration.ofSeconds(10), KeepAlive.DEFAULT);
  }

  public ConnectionOptions withOpenDeadline(Duration deadline) {
    return new ConnectionOptions(uri, deadline, callDeadline, keepAlive);
  }

  public ConnectionOptions withCallDeadline(Duration deadline) {
    return new ConnectionOptions(uri, openDeadline, deadline, keepAlive);
  }

  public ConnectionOptions withKeepAlive(KeepAlive wanted) {
    return new ConnectionOptions(uri, openDeadline, callDeadline, wanted);
  }
}
