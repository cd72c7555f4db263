package dev.godwit.agent.host;

import dev.godwit.core.migration.plan.DepartureFacts.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tries whether this host reaches another the way a move will: by a TCP connection. */
public final class LinkTrial {
  private static final int LIBVIRT_TCP = 16509;
  private static final int LIBVIRT_TLS = 16514;
  private static final int SSH = 22;
  private static final String REFUSED = "Connection refused";

  private final Duration patience;

  /**
   * With that patience for a connection, the look-up of a name included.
   *
   * @param patience short: a plan waits for it
   */
  public LinkTrial(Duration patience) {
    this.patience = patience;
  }

  private record Peer(String host, int port) {
    String text() {
      return "tcp %s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port);
    }
  }

  /**
   * Tries the daemon of that URI; and the host where QEMU will listen, if that is another one. QEMU
   * does not listen yet, and a connection to the port of another guest's would break its move: so
   * the daemon's port is tried there too, where a refusal shows as well that the host is reached.
   * Empty for a daemon that is not reached by TCP.
   */
  public List<Link> of(String daemonUri, Optional<String> qemuHost) {
    Optional<Peer> daemon = peer(daemonUri);
    if (daemon.isEmpty()) {
      return List.of();
    }
    int port = daemon.get().port();
    List<CompletableFuture<Link>> trials = new ArrayList<>();
    trials.add(begin(daemon.get()));
    qemuHost
        .filter(host -> !host.equals(daemon.get().host()))
        .map(host -> begin(new Peer(host, port)).thenApply(LinkTrial::refusalReaches))
        .ifPresent(trials::add);
    return trials.stream().map(CompletableFuture::join).toList();
  }

  /** A resolver that does not answer takes longer than this waits. */
  private CompletableFuture<Link> begin(Peer peer) {
    CompletableFuture<Link> link = new CompletableFuture<>();
    Thread.ofVirtual().name("link-trial").start(() -> link.complete(connect(peer)));
    return link.completeOnTimeout(silent(peer), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Link connect(Peer peer) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(peer.host(), peer.port()), Math.toIntExact(patience.toMillis()));
      return new Link(peer.text(), Optional.empty());
    } catch (SocketTimeoutException e) {
      return silent(peer);
    } catch (UnknownHostException e) {
      return new Link(peer.text(), Optional.of("a name that this host does not know"));
    } catch (IOException | RuntimeException e) {
      return new Link(peer.text(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private Link silent(Peer peer) {
    return new Link(peer.text(), Optional.of("no answer within " + patience.toMillis() + " ms"));
  }

  private static Link refusalReaches(Link link) {
    return new Link(link.address(), link.trouble().filter(why -> !why.equals(REFUSED)));
  }

  /** Where the daemon of a libvirt URI listens; empty when it is reached without TCP. */
  private static Optional<Peer> peer(String daemonUri) {
    URI uri = URI.create(daemonUri);
    String authority = String.valueOf(uri.getRawAuthority());
    String address = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = address.lastIndexOf(':');
    boolean named = colon > address.lastIndexOf(']');
    String host = named ? address.substring(0, colon) : address;
    int usual = usualPort(String.valueOf(uri.getScheme()));
    if (uri.getRawAuthority() == null || host.isEmpty() || usual == 0) {
      return Optional.empty();
    }
    int port = named ? Integer.parseInt(address.substring(colon + 1)) : usual;
    return Optional.of(new Peer(host.replace("[", "").replace("]", ""), port));
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
