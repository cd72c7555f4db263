package dev.godwit.lab.probe;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks as the lab guest does, on an address of the loopback, and does wrong when it is told to.
 */
final class FakeGuest implements AutoCloseable {
  private static final long TICK_NS = 10_000_000;

  private final DatagramSocket echo;
  private final ServerSocket counting;
  private final ServerSocket commands;
  private final AtomicInteger ignoring = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile Socket follower = new Socket();

  FakeGuest(String address) throws IOException {
    InetAddress here = InetAddress.getByName(address);
    echo = new DatagramSocket(new InetSocketAddress(here, 7));
    counting = new ServerSocket(7000, 4, here);
    commands = new ServerSocket(7001, 4, here);
    begin(this::answerEchoes);
    begin(this::takeFollower);
  }

  private void begin(Runnable work) {
    threads.add(Thread.ofPlatform().daemon().start(work));
  }

  /** Does not answer the next so many echoes. */
  void ignore(int echoes) {
    ignoring.set(echoes);
  }

  boolean ignoredAll() {
    return ignoring.get() == 0;
  }

  /** Tells the counter; the uptime is that of a guest that counted as it should until then. */
  void count(long count, long uptimeTicks) throws IOException {
    count(count, uptimeTicks, "");
  }

  /** The same with the newest records of its disks, each as " vda=7". */
  void count(long count, long uptimeTicks, String synced) throws IOException {
    String line = count + " " + uptimeTicks * TICK_NS + synced + "\n";
    follower.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
  }

  void hangUp() throws IOException {
    follower.close();
  }

  /** Answers the next command with this line. */
  void answerNext(String line) {
    begin(() -> {
      try (Socket asker = commands.accept()) {
        asker.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The test is over.
      }
    });
  }

  boolean followed() {
    return follower.isConnected();
  }

  private void answerEchoes() {
    byte[] bytes = new byte[1500];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        echo.receive(packet);
        if (ignoring.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
          echo.send(packet);
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void takeFollower() {
    try {
      follower = counting.accept();
    } catch (IOException e) {
      // The test is over.
    }
  }

  @Override
  public void close() throws IOException {
    echo.close();
    counting.close();
    commands.close();
    follower.close();
    // A port is free only when the thread that waited on it has left.
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
