package dev.godwit.lab.demo;

import dev.godwit.lab.host.LabFailure;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Has a show that is broken off cleaned up by the thread that plays it: at Ctrl-C that thread is
 * interrupted, and the process ends only when it has left everything that it opened after this.
 */
public final class Curtain implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  private final Thread player = Thread.currentThread();
  private final CountDownLatch gone = new CountDownLatch(1);
  private final Thread hook = new Thread(this::fall, "curtain");

  public Curtain() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void fall() {
    player.interrupt();
    try {
      if (!gone.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("godwit: cleaning up takes too long; finish it with: godwit lab down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Plays; the interruption, which has done its work then, does not disturb what cleans up. */
  public <T> T guard(Callable<T> play) throws LabFailure {
    try {
      return play.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new LabFailure(e.toString());
    } finally {
      boolean interrupted = Thread.interrupted();
      if (interrupted) {
        System.err.println("Broken off; cleaning up…");
      }
    }
  }

  @Override
  public void close() {
    gone.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      // The hook runs: it is what brought us here.
    }
  }
}
