package dev.godwit.wire;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Trace;
import dev.godwit.core.port.Traces;
import dev.godwit.wire.proto.RemoveTraceRequest;
import dev.godwit.wire.proto.TraceMessage;
import java.time.Duration;
import java.util.Optional;

/** What hosts still hold of Godwit's. */
public final class TraceMapping {
  private static final int LONGEST = 4096;

  private TraceMapping() {}

  /** A trace for the wire. */
  public static TraceMessage message(Trace trace) {
    TraceMessage.Builder to =
        TraceMessage.newBuilder()
            .setKind(trace.kind().name())
            .setName(trace.name())
            .setSeen(trace.seen())
            .setCommon(trace.common())
            .setAgeSeconds(trace.age().toSeconds());
    trace.instance().map(Object::toString).ifPresent(to::setInstance);
    trace.migration().map(Object::toString).ifPresent(to::setMigration);
    trace.kept().ifPresent(to::setKept);
    return to.build();
  }

  /** A trace from the wire, checked. */
  public static Trace trace(TraceMessage from) {
    return new Trace(
        Checked.word(Trace.Kind.class, from.getKind()),
        name(from.getName()),
        from.hasInstance() ? Optional.of(Checked.instance(from.getInstance())) : Optional.empty(),
        from.hasMigration()
            ? Optional.of(Checked.migration(from.getMigration()))
            : Optional.empty(),
        from.getSeen(),
        from.getCommon(),
        from.hasKept() ? Optional.of(from.getKept()) : Optional.empty(),
        Duration.ofSeconds(Checked.notNegative(from.getAgeSeconds(), "age_seconds")));
  }

  /** An order to remove one, for the wire. */
  public static RemoveTraceRequest message(Traces.Removal removal) {
    return RemoveTraceRequest.newBuilder()
        .setFence(OrderMapping.fence(removal.migration(), removal.epoch()))
        .setInstance(removal.instance().toString())
        .setHost(removal.host().value())
        .setKind(removal.kind().name())
        .setName(removal.name())
        .build();
  }

  /** An order to remove one, from the wire, checked. */
  public static Traces.Removal removal(RemoveTraceRequest from) {
    HostName host = Checked.host(from.getHost());
    return new Traces.Removal(
        host,
        Checked.migration(from.getFence().getMigration()),
        OrderMapping.epoch(from.getFence()),
        Checked.instance(from.getInstance()),
        Checked.word(Trace.Kind.class, from.getKind()),
        Checked.absolutePath(name(from.getName())));
  }

  private static String name(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      throw new BadMessage("name: expected 1 to %d characters".formatted(LONGEST));
    }
    return text;
  }
}
