package dev.godwit.wire;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why a call between server and agent was not answered, in one line for people. */
public final class CallTrouble {
  private static final int MOST_CAUSES = 16;

  private CallTrouble() {}

  /** The code, what gRPC says of it, its last cause; and what to do where it is certificates. */
  public static String of(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    if (causes(failure).anyMatch(SSLException.class::isInstance)) {
      return "%s TLS failed: %s. See that tls.cert of either end is valid now, and signed by an authority in tls.ca of the other."
          .formatted(status.getCode(), lastCause(failure).orElse("no reason given"));
    }
    StringBuilder line = new StringBuilder(status.getCode().name());
    Optional.ofNullable(status.getDescription()).ifPresent(it -> line.append(' ').append(it));
    lastCause(failure).ifPresent(it -> line.append(": ").append(it));
    return line.toString();
  }

  private static Optional<String> lastCause(Throwable failure) {
    return causes(failure)
        .reduce((_, deeper) -> deeper)
        .flatMap(cause -> Optional.ofNullable(cause.getMessage()))
        .flatMap(text -> text.lines().findFirst());
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, it -> it != null, Throwable::getCause)
        .skip(1)
        .limit(MOST_CAUSES);
  }
}
