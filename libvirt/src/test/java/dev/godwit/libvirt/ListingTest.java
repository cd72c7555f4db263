package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What libvirt lends us goes back to it. */
class ListingTest {
  private static final String DOMAIN =
      "<domain type='test'><name>%s</name><memory>65536</memory><os><type>hvm</type></os></domain>";

  @Test
  void a_listing_that_fails_half_way_gives_back_every_domain() {
    FaultyLibrary library = new FaultyLibrary();
    try (Connection connection = Connection.open(ConnectionOptions.to("test:///default"))) {
      Domain one = connection.define(DOMAIN.formatted("one"));
      Domain two = connection.define(DOMAIN.formatted("two"));
      library.answer("virDomainGetUUIDString", -1);
      assertThatThrownBy(() ->
              Inside.of(connection)
                  .call(
                      "list",
                      call ->
                          Listing.read(
                              new Call(
                                  library.proxy(),
                                  call.connection(),
                                  new LastDomain(),
                                  call.arena()),
                              List.of())))
          .isInstanceOfSatisfying(
              LibvirtException.class, e -> assertThat(e.isConnectionProblem()).isFalse());
      assertThat(library.calls("virDomainFree")).isEqualTo(3); // with the driver's own "test"
      one.undefine();
      two.undefine();
    }
  }
}
