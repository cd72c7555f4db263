package dev.godwit.libvirt.example;

import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.MigrateFlag;
import dev.godwit.libvirt.MigrateParameters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Moves a running guest to another host and says how far it is. */
public final class MoveAGuest {
  private MoveAGuest() {}

  public static void main(String[] arguments) throws InterruptedException {
    move(arguments[0], arguments[1], arguments[2]);
  }

  static void move(String sourceUri, String name, String destinationUri)
      throws InterruptedException {
    ConnectionOptions source = ConnectionOptions.to(sourceUri);
    try (Connection watcher = Connection.open(source);
        Connection mover = Connection.open(source)) { // the move keeps its connection busy
      watcher.subscribe(event -> System.out.println(event));
      Domain guest = watcher.domainNamed(name).orElseThrow();
      MigrateParameters parameters =
          MigrateParameters.to(destinationUri)
              .flags(MigrateFlag.LIVE, MigrateFlag.PEER2PEER, MigrateFlag.PERSIST_DEST)
              .build();
      CompletableFuture<Void> move =
          CompletableFuture.runAsync(
              () -> mover.domain(guest.uuid()).job().migrate(parameters, Duration.ofMinutes(10)),
              Thread::startVirtualThread);
      while (!move.isDone()) {
        sayHowFar(guest);
        Thread.sleep(100);
      }
      move.join(); // throws what libvirt said
    }
  }

  private static void sayHowFar(Domain guest) {
    try {
      guest
          .job()
          .stats()
          .memoryRemainingBytes()
          .ifPresent(bytes -> System.out.println((bytes >> 20) + " MiB to go"));
    } catch (LibvirtException e) {
      // That it is gone from here, or no longer runs here, is good news.
      if (!e.isNoDomain() && !e.isOperationInvalid()) {
        throw e;
      }
    }
  }
}
