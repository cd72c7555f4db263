package dev.godwit.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import dev.godwit.wire.MutualTls;
import dev.godwit.wire.proto.HostAgentGrpc;
import dev.godwit.wire.proto.ListGuestsReply;
import dev.godwit.wire.proto.ListGuestsRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may command an agent, over real mutual TLS. */
class OnlyServersTest {
  @TempDir static Path folder;
  private static Pki pki;
  private static Server agent;

  @BeforeAll
  static void start() throws IOException {
    pki = new Pki(new LabFolder(folder));
    Files.createDirectories(pki.authority().resolveSibling(""));
    pki.makeAuthority();
    pki.makeCertificate("server", "192.0.2.1", 0);
    pki.makeCertificate("spare.example", "2001:db8::1", 1);
    pki.makeCertificate("h1", "192.0.2.11", 2);
    agent =
        Grpc.newServerBuilderForPort(0, tls("h1").server())
            .intercept(
                new OnlyServers(List.of("192.0.2.1:8775", "Spare.Example:8775", "[::2]:8775")))
            .addService(
                new HostAgentGrpc.HostAgentImplBase() {
                  @Override
                  public void list(ListGuestsRequest request, StreamObserver<ListGuestsReply> to) {
                    to.onNext(ListGuestsReply.getDefaultInstance());
                    to.onCompleted();
                  }
                })
            .build()
            .start();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    agent.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private static MutualTls tls(String name) {
    return new MutualTls(pki.authority(), pki.certificate(name), pki.key(name));
  }

  private static ListGuestsReply list(String caller) throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + agent.getPort(), tls(caller).client()).build();
    try {
      return HostAgentGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .list(ListGuestsRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_server_is_obeyed_by_its_address_or_its_name() throws InterruptedException {
    assertThat(list("server")).isEqualTo(ListGuestsReply.getDefaultInstance());
    assertThat(list("spare.example")).isEqualTo(ListGuestsReply.getDefaultInstance());
  }

  @Test
  void another_certificate_of_the_same_authority_is_not_obeyed_and_told_why() {
    assertThatThrownBy(() -> list("h1"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("PERMISSION_DENIED")
        .hasMessageContaining("[0:0:0:0:0:0:0:2, 192.0.2.1, spare.example]")
        .hasMessageContaining("192.0.2.11")
        .hasMessageContaining("h1");
  }
}
