package dev.godwit.server.grpc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Whether a machine is switched on, as far as its own kernel tells by itself (RFC 9293). */
final class Reachability {
  private static final Duration LONGEST = Duration.ofSeconds(3);

  private Reachability() {}

  /**
   * True when whatever is at that address takes a connection, or refuses it: both need a machine
   * that runs, and neither its agent nor its libvirt, which may be what is broken.
   *
   * @param target host:port
   */
  static boolean ofMachineAt(String target) {
    int colon = target.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              target.substring(0, colon), Integer.parseInt(target.substring(colon + 1))),
          (int) LONGEST.toMillis());
      return true;
    } catch (ConnectException e) {
      // Java has one exception for a refusal and for a network that is not there.
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException e) {
      return false;
    }
  }
}
