package dev.godwit.agent.host;

import dev.godwit.core.migration.plan.DepartureFacts.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tries whether this host reaches another the way a move will: by a TCP connection. */
public final class LinkTrial {
  private static final String REFUSED = "Connection refused";

  private final Duration patience;
  private final Dialer dialer;

  /** Makes a TCP connection and ends it. */
  public interface Dialer {
    /** {@link IOException} when it cannot be made in that time. */
    void dial(String host, int port, Duration patience) throws IOException;
  }

  /**
   * With that patience for a connection, the look-up of a name included.
   *
   * @param patience short: a plan waits for it
   */
  public LinkTrial(Duration patience, Dialer dialer) {
    this.patience = patience;
    this.dialer = dialer;
  }

  /**
   * Tries the daemon of that URI; and the host where QEMU will listen, if that is another one. QEMU
   * does not listen yet, and a connection to the port of another guest's would break its move: so
   * the daemon's port is tried there too, where a refusal shows as well that the host is reached.
   * Empty for a daemon that is not reached by TCP; what is no URI is a link in trouble.
   */
  public List<Link> of(String daemonUri, Optional<String> qemuHost) {
    Optional<LibvirtUri> daemon;
    try {
      daemon = LibvirtUri.listening(daemonUri);
    } catch (IllegalArgumentException e) {
      return List.of(new Link(daemonUri, Optional.of(String.valueOf(e.getMessage()))));
    }
    if (daemon.isEmpty()) {
      return List.of();
    }
    String daemonHost = daemon.get().host();
    int port = daemon.get().port();
    List<CompletableFuture<Link>> trials = new ArrayList<>();
    trials.add(begin(daemon.get()));
    qemuHost
        .filter(host -> !host.equals(daemonHost))
        .map(host -> begin(new LibvirtUri(host, port)).thenApply(LinkTrial::refusalReaches))
        .ifPresent(trials::add);
    return trials.stream().map(CompletableFuture::join).toList();
  }

  /** A resolver that does not answer takes longer than this waits. */
  private CompletableFuture<Link> begin(LibvirtUri peer) {
    CompletableFuture<Link> link = new CompletableFuture<>();
    Thread.ofVirtual().name("link-trial").start(() -> link.complete(connect(peer)));
    return link.completeOnTimeout(silent(peer), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String text(LibvirtUri peer) {
    return "tcp %s:%d".formatted(LibvirtUri.bracketed(peer.host()), peer.port());
  }

  private Link connect(LibvirtUri peer) {
    try {
      dialer.dial(peer.host(), peer.port(), patience);
      return new Link(text(peer), Optional.empty());
    } catch (SocketTimeoutException e) {
      return silent(peer);
    } catch (UnknownHostException e) {
      return new Link(text(peer), Optional.of("a name that this host does not know"));
    } catch (IOException | RuntimeException e) {
      return new Link(text(peer), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /** As this machine reaches them. */
  public static void dial(String host, int port, Duration patience) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(patience.toMillis()));
    }
  }

  private Link silent(LibvirtUri peer) {
    return new Link(text(peer), Optional.of("no answer within " + patience.toMillis() + " ms"));
  }

  private static Link refusalReaches(Link link) {
    return new Link(link.address(), link.trouble().filter(why -> !why.equals(REFUSED)));
  }
}
