package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.agent.host.HostTrouble;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HypervisorsTest {
  private static final List<String> BOTH = List.of("kvm", "qemu");

  @Test
  void kvm_comes_first_where_its_device_works_and_is_not_offered_where_it_does_not() {
    assertThat(Hypervisors.usable(BOTH, Optional.empty(), true)).containsExactly("kvm", "qemu");
    assertThat(Hypervisors.usable(BOTH, Optional.empty(), false)).containsExactly("qemu");
  }

  @Test
  void the_configuration_decides_among_what_works() {
    assertThat(Hypervisors.usable(BOTH, Optional.of("qemu"), true)).containsExactly("qemu");
    assertThat(Hypervisors.usable(BOTH, Optional.of("kvm"), true)).containsExactly("kvm");
  }

  @Test
  void what_is_configured_and_does_not_work_is_refused_with_what_to_do() {
    assertThatThrownBy(() -> Hypervisors.usable(BOTH, Optional.of("kvm"), false))
        .isInstanceOf(HostTrouble.class)
        .hasMessageContaining("/dev/kvm");
    assertThatThrownBy(() -> Hypervisors.usable(List.of("kvm"), Optional.empty(), false))
        .isInstanceOf(HostTrouble.class);
  }
}
