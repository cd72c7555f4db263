package dev.godwit.agent.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.agent.PassingTempo;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.agent.host.QemuCertificates;
import dev.godwit.agent.host.QuietGuests;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.look.Silence;
import dev.godwit.agent.look.Witness;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainJob;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.DomainStateReason;
import dev.godwit.libvirt.JobOperation;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.StateReason;
import dev.godwit.libvirt.TypedParameters;
import dev.godwit.libvirt.TypedParameters.Whole;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a libvirt that knows one guest, whose post-copy broke, and does not answer to a resume. */
class PostCopyRecoveryTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final StepReply DONE = new StepReply.Done();
  private static final TransferPlan PLAN =
      new TransferPlan(
          new HostName("h2"),
          "qemu+tcp://h2/system",
          "tcp://10.0.0.2",
          HandOver.FAST,
          List.of(),
          false,
          false,
          false,
          false,
          false,
          true,
          1,
          0,
          300);

  private final PassingTempo tempo = new PassingTempo();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Daemon daemon = new Daemon("fake:///", _ -> connection(), tempo);

  /** How often it tells of the job before it does not any more. */
  private int answers = Integer.MAX_VALUE;

  private Notebook notebook;
  private Transfers transfers;
  private PostCopyRecovery recovery;
  private Note note;

  @BeforeEach
  void begin(@TempDir Path folder) {
    notebook = Notebook.open(folder, CLOCK);
    note =
        notebook.change(
            "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
            "11111111-1111-4111-8111-111111111111",
            it -> it.withEpoch(1));
    HostEvents events = new HostEvents(daemon, tempo, UUID::randomUUID);
    Look look = new Look(daemon, events, notebook, new QuietGuests(tempo), CLOCK);
    Silence reports = new Silence();
    transfers =
        new Transfers(
            daemon,
            notebook,
            new Witness(notebook, look, reports, tempo),
            new Progress(daemon, reports, CLOCK, tempo),
            new Transport(true, new QemuCertificates(folder, CLOCK)),
            tempo);
    LinkTrial link = new LinkTrial(Duration.ofSeconds(2), (_, _, _) -> {});
    recovery = new PostCopyRecovery(daemon, look, transfers, link, tempo);
  }

  @AfterEach
  void end() {
    over.countDown();
    recovery.close();
    transfers.close();
    daemon.close();
    notebook.close();
  }

  private static <T> T fake(Class<T> type, Function<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, call, _) -> answers.apply(call.getName())));
  }

  private Connection connection() {
    Domain domain =
        fake(
            Domain.class,
            call ->
                switch (call) {
                  case "job" -> fake(DomainJob.class, this::job);
                  case "state" ->
                      new DomainStateReason(
                          DomainState.PAUSED, StateReason.PAUSED_POSTCOPY_FAILED, 13);
                  case "id" -> OptionalInt.of(7);
                  case "isPersistent" -> true;
                  default -> throw new UnsupportedOperationException(call);
                });
    return fake(
        Connection.class,
        call ->
            switch (call) {
              case "domain" -> domain;
              case "isOpen" -> true;
              case "libvirtVersion" -> 12_000_000L;
              case "close" -> call;
              default -> throw new UnsupportedOperationException(call);
            });
  }

  private Object job(String call) {
    return switch (call) {
      case "stats" -> stats();
      case "migrate" -> hangs();
      default -> throw new UnsupportedOperationException(call);
    };
  }

  private Object hangs() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw LibvirtException.found(LibvirtException.Kind.NOT_CONNECTED, "closed");
  }

  private JobStats stats() {
    if (answers-- <= 0) {
      throw LibvirtException.found(LibvirtException.Kind.NO_ANSWER, "no answer within 10 s");
    }
    return new JobStats(
        JobType.UNBOUNDED,
        new TypedParameters(
            Map.of(
                "operation", new Whole(JobOperation.MIGRATION_OUT.code()),
                "memory_processed", new Whole(1000))));
  }

  private StepReply tried() {
    assertThat(recovery.recover(note, PLAN)).as("seen for the first time").isEqualTo(DONE);
    tempo.pass(Duration.ofSeconds(1));
    return recovery.recover(note, PLAN);
  }

  /** The look asks for the job before and after the state. */
  private void isSilentAfterTheLook() {
    answers = 2;
  }

  @Test
  void a_try_that_hangs_is_told_also_where_libvirt_does_not_tell_any_more_what_went_over() {
    assertThat(tried()).isEqualTo(DONE);
    tempo.pass(Standstill.PATIENCE.plusSeconds(1));
    isSilentAfterTheLook();

    assertThat(recovery.recover(note, PLAN))
        .isInstanceOfSatisfying(
            StepReply.Refused.class,
            it -> assertThat(it.reason().code()).isEqualTo(Refusals.RECOVERY_HANGS));
  }

  @Test
  void before_a_try_hangs_the_silence_itself_is_told() {
    assertThat(tried()).isEqualTo(DONE);
    isSilentAfterTheLook();

    assertThatThrownBy(() -> recovery.recover(note, PLAN))
        .isInstanceOf(LibvirtException.class)
        .hasMessageContaining("no answer within 10 s");
  }
}
