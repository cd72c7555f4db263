package dev.godwit.agent.service;

import dev.godwit.agent.host.Daemon;
import dev.godwit.libvirt.LibvirtException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers calls, each of them, however the work ends. */
final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private Calls() {}

  static <T> void answer(StreamObserver<T> to, Supplier<T> work) {
    T reply;
    try {
      reply = work.get();
    } catch (LibvirtException e) {
      // Not "unavailable": that is for an agent that is not reached.
      to.onError(Status.FAILED_PRECONDITION.withDescription("libvirt: " + e.text()).asException());
      return;
    } catch (Daemon.Stopping e) {
      to.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asException());
      return;
    } catch (IllegalArgumentException e) {
      to.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException());
      return;
    } catch (RuntimeException e) {
      LOG.error("a call failed in the agent itself", e);
      to.onError(Status.INTERNAL.withDescription(e.toString()).asException());
      return;
    }
    try {
      to.onNext(reply);
      to.onCompleted();
    } catch (StatusRuntimeException e) {
      LOG.debug("a caller went away before its answer", e);
    }
  }
}
