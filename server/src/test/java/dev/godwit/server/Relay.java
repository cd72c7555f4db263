package dev.godwit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between servers and their database, or an agent: cuts, freezes, and loses what a COMMIT
 * answers.
 */
public final class Relay implements AutoCloseable {
  /** What becomes of one COMMIT. */
  public enum Loss {
    /** It never reaches the database. */
    REQUEST,
    /** It does, and nobody learns what came of it. */
    ANSWER
  }

  /** How a driver prepares a COMMIT once on a connection; later it tells the name only. */
  private static final Pattern PREPARED = Pattern.compile("(S_\\d+)\0COMMIT\0");

  private final int to;
  private final ServerSocket door;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger commits = new AtomicInteger();
  private final Object gate = new Object();
  private boolean frozen;
  private boolean cut;
  private int generation;
  private int frozenForGood;
  private volatile int loseEach;
  private final AtomicInteger lost = new AtomicInteger();

  public Relay(int to) {
    this.to = to;
    try {
      this.door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** From now on, of so many commits one is lost, in both ways by turns; none with 0. */
  public void loseEach(int commitsBetween) {
    loseEach = commitsBetween;
  }

  /** How many were lost. */
  public int lost() {
    return lost.get();
  }

  /** Nothing passes, and nobody is told. */
  public void freeze() {
    synchronized (gate) {
      frozen = true;
    }
  }

  /** What is frozen stays so, and is not told; what comes anew passes. */
  public void mendForNew() {
    synchronized (gate) {
      generation++;
      frozenForGood = generation;
    }
    mendAllButFrozen();
  }

  /** All connections break, and no other is taken. */
  public void cut() {
    synchronized (gate) {
      cut = true;
    }
    open.forEach(Relay::shut);
  }

  /** As if nothing had been. */
  public void mend() {
    synchronized (gate) {
      frozenForGood = 0;
    }
    mendAllButFrozen();
  }

  private void mendAllButFrozen() {
    synchronized (gate) {
      frozen = false;
      cut = false;
      gate.notifyAll();
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Thread.ofVirtual().name("relayed").start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try {
      open.add(client);
      int mine;
      synchronized (gate) {
        if (cut) {
          throw new IOException("cut");
        }
        mine = generation;
      }
      Socket database = new Socket(InetAddress.getLoopbackAddress(), to);
      database.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      open.add(database);
      Thread.ofVirtual().name("relayed-back").start(() -> pass(database, client, false, mine));
      pass(client, database, true, mine);
    } catch (IOException e) {
      shut(client);
    }
  }

  private void pass(Socket from, Socket into, boolean asks, int mine) {
    byte[] buffer = new byte[65_536];
    Commits seen = new Commits();
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitGate(mine);
        boolean commit = asks && seen.in(buffer, read);
        int number = commit && loseEach > 0 ? commits.incrementAndGet() : 0;
        if (number == 0 || number % loseEach != 0) {
          out.write(buffer, 0, read);
          out.flush();
        } else {
          Loss loss = Loss.values()[lost.getAndIncrement() % 2];
          // Before the database can answer.
          shut(from);
          lose(loss, out, buffer, read);
          break;
        }
      }
    } catch (IOException | InterruptedException gone) {
      // As the other side finds out.
    } finally {
      shut(from);
      shut(into);
    }
  }

  private static void lose(Loss loss, OutputStream out, byte[] buffer, int length)
      throws IOException {
    if (loss == Loss.ANSWER) {
      out.write(buffer, 0, length);
      out.flush();
    }
  }

  private void awaitGate(int mine) throws InterruptedException {
    synchronized (gate) {
      while (frozen || mine < frozenForGood) {
        gate.wait();
      }
    }
  }

  /** The commits of one connection. */
  private static final class Commits {
    private String name = "";

    boolean in(byte[] buffer, int length) {
      String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
      Matcher prepared = PREPARED.matcher(text);
      if (prepared.find()) {
        name = prepared.group(1);
        return true;
      }
      return !name.isEmpty() && text.contains("\0" + name + "\0");
    }
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mend();
    open.forEach(Relay::shut);
  }
}
