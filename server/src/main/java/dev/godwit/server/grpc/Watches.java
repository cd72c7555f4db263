package dev.godwit.server.grpc;

import dev.godwit.core.model.HostName;
import dev.godwit.server.fleet.News;
import dev.godwit.wire.BadMessage;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.SampleMapping;
import dev.godwit.wire.ViewMapping;
import dev.godwit.wire.proto.AgentEvent;
import dev.godwit.wire.proto.HostAgentGrpc;
import dev.godwit.wire.proto.WatchRequest;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agents' streams of news. A broken one is opened again at the agent's next announcement. */
final class Watches {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  private final Channels channels;
  private final News news;
  private final Map<HostName, Reader> open = new ConcurrentHashMap<>();

  Watches(Channels channels, News news) {
    this.channels = channels;
    this.news = news;
  }

  /**
   * Opens the stream unless it is open; whoever opens it was not heard before, and that is told.
   */
  void keep(HostName host) {
    channels.to(host).ifPresent(line -> keep(host, line));
  }

  private synchronized void keep(HostName host, Channels.Line line) {
    Optional<Reader> now = Optional.ofNullable(open.get(host));
    if (now.filter(it -> it.line.equals(line)).isPresent()) {
      return;
    }
    now.ifPresent(Reader::end);
    Reader fresh = new Reader(host, line);
    open.put(host, fresh);
    fresh.read();
    news.heard(host);
  }

  private final class Reader implements StreamObserver<AgentEvent> {
    private final HostName host;
    private final Channels.Line line;

    /** Not under the announcement's own context, which ends with its answer. */
    private final Context.CancellableContext context = Context.ROOT.withCancellation();

    Reader(HostName host, Channels.Line line) {
      this.host = host;
      this.line = line;
    }

    void read() {
      context.run(() ->
          HostAgentGrpc.newStub(line.channel()).watch(WatchRequest.getDefaultInstance(), this));
    }

    /** Another line is read. */
    void end() {
      var _ = context.cancel(null);
    }

    @Override
    public void onNext(AgentEvent event) {
      try {
        switch (event.getEventCase()) {
          case SEEN ->
              news.seen(
                  host,
                  SampleMapping.migration(event.getSeen().getMigration()),
                  ViewMapping.view(event.getSeen().getView()));
          case SAMPLE ->
              news.progress(
                  SampleMapping.migration(event.getSample().getMigration()),
                  SampleMapping.sample(event.getSample()));
          case POWER -> news.guest(host, GuestMapping.guest(event.getPower()));
          case ALIVE, EVENT_NOT_SET -> {}
        }
      } catch (BadMessage e) {
        LOG.atWarn()
            .addKeyValue("host", host)
            .addKeyValue("why", e.getMessage())
            .log("an agent reports nonsense");
      }
    }

    @Override
    public void onError(Throwable error) {
      LOG.atInfo()
          .addKeyValue("host", host)
          .addKeyValue("why", error.getMessage())
          .log("an agent's news ended");
      line.broken();
      open.remove(host, this);
    }

    @Override
    public void onCompleted() {
      line.broken();
      open.remove(host, this);
    }
  }
}
