package dev.godwit.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibvirtUriTest {
  @Test
  void an_ipv6_address_is_bracketed_once_wherever_it_stands_for_the_template() {
    assertThat(LibvirtUri.at("qemu+tls://%s/system", "2001:db8::1"))
        .isEqualTo("qemu+tls://[2001:db8::1]/system");
    assertThat(LibvirtUri.at("qemu+tcp://[%s]:99/system", "2001:db8::1"))
        .isEqualTo("qemu+tcp://[2001:db8::1]:99/system");
    assertThat(LibvirtUri.at("qemu+tls://%s/system", "[2001:db8::1]"))
        .isEqualTo("qemu+tls://[2001:db8::1]/system");
    assertThat(LibvirtUri.at("qemu+tls://%s/system", "10.0.0.1"))
        .isEqualTo("qemu+tls://10.0.0.1/system");
  }

  @Test
  void an_address_and_its_port_are_read_with_and_without_brackets() {
    assertThat(LibvirtUri.listening("qemu+tls://[2001:db8::1]/system"))
        .contains(new LibvirtUri("2001:db8::1", 16514));
    assertThat(LibvirtUri.listening("qemu+ssh://root@h1:2222/system"))
        .contains(new LibvirtUri("h1", 2222));
    assertThat(LibvirtUri.listening("qemu+unix:///system")).isEmpty();
  }
}
