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
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agents' streams of news. A broken one is opened again at the agent's next announcement. */
final class Watches {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  private final Channels channels;
  private final News news;
  private final Map<HostName, ManagedChannel> open = new ConcurrentHashMap<>();

  Watches(Channels channels, News news) {
    this.channels = channels;
    this.news = news;
  }

  /**
   * Opens the stream unless it is open; whoever opens it was not heard before, and that is told.
   */
  void keep(HostName host) {
    channels
        .channel(host)
        .ifPresent(channel -> {
          if (!channel.equals(open.put(host, channel))) {
            // Not under the announcement's own context, which ends with its answer.
            Context.ROOT.run(() ->
                HostAgentGrpc.newStub(channel)
                    .watch(WatchRequest.getDefaultInstance(), new Reader(host, channel)));
            news.heard(host);
          }
        });
  }

  private final class Reader implements StreamObserver<AgentEvent> {
    private final HostName host;
    private final ManagedChannel channel;

    Reader(HostName host, ManagedChannel channel) {
      this.host = host;
      this.channel = channel;
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
      open.remove(host, channel);
    }

    @Override
    public void onCompleted() {
      open.remove(host, channel);
    }
  }
}
