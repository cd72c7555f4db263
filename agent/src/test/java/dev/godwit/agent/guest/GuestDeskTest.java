package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Turns;
import dev.godwit.agent.file.HostPrograms;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.file.OpenFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.note.Notebook;
import dev.godwit.agent.note.TurnNotes;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Connection;
import dev.godwit.wire.MachineTempo;
import dev.godwit.wire.MutualTls;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adoption beside orders, on libvirt's test driver. */
class GuestDeskTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final HostName HOST = new HostName("h1");
  private static final Tempo TEMPO = new MachineTempo();

  /** A guest that libvirt's test driver always has, running. */
  private static final InstanceId GUEST = InstanceId.of("6695eb01-f6a4-8304-79aa-97f2502e193f");

  private static final MigrationId MIGRATION =
      MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");

  @TempDir Path folder;
  private Daemon daemon;
  private Notebook notebook;
  private Turns orders;
  private GuestDesk desk;

  /** Whoever waits has waited long enough at once. */
  private static final class Hurry implements Tempo {
    private final Tempo machine = new MachineTempo();
    private final AtomicLong skippedNanos = new AtomicLong();

    @Override
    public long nanoTime() {
      return machine.nanoTime() + skippedNanos.get();
    }

    @Override
    public void rest(Duration length) {
      skippedNanos.addAndGet(length.toNanos());
    }

    @Override
    public void park(Duration longest) {
      rest(longest);
    }
  }

  @BeforeEach
  void open() {
    daemon = new Daemon("test:///default", Connection::open, TEMPO);
    notebook = Notebook.open(folder.resolve("migrations"), CLOCK);
    notebook.change(MIGRATION, GUEST, note -> note.withEpoch(1));
    orders = new Turns(new Hurry());
    ImageTool images = new ImageTool(new HostPrograms());
    InstanceFiles files =
        new InstanceFiles(HOST, images, new OpenFiles(Path.of("/proc"), Path.of("/sys")));
    Listing listing = new Listing(daemon, FileSystems.getDefault());
    Moves moves = new Moves(notebook);
    desk =
        new GuestDesk(
            new GuestDesk.Workers(
                new Creation(
                    configuration(),
                    daemon,
                    new Hypervisors(daemon, Optional.of("test"), () -> false, TEMPO),
                    files),
                new Power(daemon, moves, Duration.ofSeconds(1), TEMPO),
                new Removal(daemon, moves, files, listing),
                new Adoption(daemon, moves, files, listing)),
            TurnNotes.open(folder.resolve("turns"), CLOCK),
            new Turns(TEMPO),
            orders);
  }

  private AgentConfiguration configuration() {
    return new AgentConfiguration(
        HOST,
        "127.0.0.1",
        0,
        folder,
        List.of(),
        Duration.ofSeconds(1),
        new AgentConfiguration.Daemon(
            "test:///default", Optional.empty(), "test:///%s", false, "127.0.0.1", true),
        new AgentConfiguration.Directories(Optional.empty(), folder.resolve("local")),
        Optional.empty(),
        new MutualTls(Path.of("unused"), Path.of("unused"), Path.of("unused")));
  }

  @AfterEach
  void close() {
    daemon.close();
    notebook.close();
  }

  private static String code(Answer<GuestListing> answer) {
    return answer instanceof Answer.Refused<GuestListing>(var reason)
        ? reason.code()
        : answer.toString();
  }

  private boolean over() {
    return notebook.find(MIGRATION).orElseThrow().over();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_adoption_does_not_fall_into_the_midst_of_an_order_or_a_fence(boolean fence)
      throws Exception {
    String line = fence ? Turns.urgent(GUEST.toString()) : GUEST.toString();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Optional<Boolean>> order =
          CompletableFuture.supplyAsync(
              () ->
                  orders.take(
                      line,
                      Duration.ofSeconds(1),
                      () -> {
                        inside.countDown();
                        return awaited(enough);
                      }),
              threads);
      inside.await();
      assertThat(code(desk.adopt(GUEST))).isEqualTo(Refusals.AGENT_BUSY);
      assertThat(over()).isFalse();
      enough.countDown();
      assertThat(order.get()).contains(true);
    }
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
