package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.libvirt.MigrateParameters.Parameter;
import dev.godwit.libvirt.TypedParameters.Text;
import dev.godwit.libvirt.TypedParameters.Truth;
import dev.godwit.libvirt.TypedParameters.Whole;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Typed parameters through libvirt's own functions, there and back. */
class TypedParamsTest {
  private final FaultyLibrary library = new FaultyLibrary();
  private final LibvirtC c = library.proxy();

  @Test
  void what_is_written_is_read_back_with_its_kind() {
    try (Arena arena = Arena.ofConfined()) {
      TypedParams.Native made =
          TypedParams.write(
              c,
              arena,
              List.of(
                  new Parameter("text", new Text("ein Wort, größer"), false),
                  new Parameter("wide", new Whole(-1), true),
                  new Parameter("narrow", new Whole(-7), false)));
      TypedParameters read = TypedParams.read(c, made.array(), made.size());
      made.free(c);
      assertThat(read.text("text")).hasValue("ein Wort, größer");
      assertThat(read.whole("wide")).hasValue(-1);
      assertThat(read.whole("narrow")).hasValue(-7);
      assertThat(read.truth("narrow")).isEmpty();
      assertThat(read.values()).hasSize(3);
    }
  }

  @Test
  void an_empty_array_is_read_as_nothing() {
    try (Arena arena = Arena.ofConfined()) {
      TypedParams.Native made = TypedParams.write(c, arena, List.of());
      assertThat(TypedParams.read(c, made.array(), made.size()).values()).isEmpty();
      made.free(c);
    }
  }

  @Test
  void a_parameter_that_libvirt_refuses_is_an_error_of_the_call_and_frees_the_others() {
    try (Arena arena = Arena.ofConfined()) {
      List<Parameter> tooLong =
          List.of(
              new Parameter("good", new Text("x"), false),
              new Parameter("n".repeat(100), new Text("x"), false));
      assertThatThrownBy(() -> TypedParams.write(c, arena, tooLong))
          .isInstanceOfSatisfying(
              LibvirtException.class,
              e -> {
                assertThat(e.text()).contains("too long");
                assertThat(e.isConnectionProblem()).isFalse();
              });
    }
    assertThat(library.calls("virTypedParamsFree")).isEqualTo(1);
  }

  @Test
  void a_parameter_of_no_kind_that_libvirt_has_frees_the_others_too() {
    try (Arena arena = Arena.ofConfined()) {
      List<Parameter> strange =
          List.of(
              new Parameter("good", new Text("x"), false),
              new Parameter("strange", new Truth(true), false));
      assertThatThrownBy(() -> TypedParams.write(c, arena, strange))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(library.calls("virTypedParamsFree")).isEqualTo(1);
  }
}
