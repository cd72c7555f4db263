package dev.godwit.agent.service;

import dev.godwit.wire.CallerNames;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody command this agent but a server that it announces itself to: the caller's certificate
 * names one of their addresses. Other agents have certificates of the same authority.
 */
public final class OnlyServers implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(OnlyServers.class);

  private final Set<String> wanted = new TreeSet<>();
  private final AtomicReference<String> told = new AtomicReference<>("");

  /**
   * For those servers.
   *
   * @param servers host:port of each, an IPv6 address in brackets
   */
  public OnlyServers(List<String> servers) {
    for (String server : servers) {
      wanted.add(CallerNames.comparable(server.substring(0, server.lastIndexOf(':'))));
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Set<String> found = CallerNames.of(call);
    if (wanted.stream().anyMatch(name -> CallerNames.name(found, name))) {
      return next.startCall(call, headers);
    }
    String why =
        "this agent obeys its servers only: expected a certificate that names one of %s, found one that names %s. Issue the server a certificate with its address, or mend agent.servers."
            .formatted(wanted, found);
    if (!why.equals(told.getAndSet(why))) {
      LOG.atWarn().addKeyValue("why", why).log("a call is refused");
    }
    call.close(Status.PERMISSION_DENIED.withDescription(why), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
