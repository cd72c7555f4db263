package dev.godwit.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class OneByOneTest {
  private final List<String> told = new ArrayList<>();
  private final OneByOne<Integer> each =
      OneByOne.telling((one, why) -> told.add(one + ": " + why.getMessage()));

  private static Supplier<String> failing(String why) {
    return () -> {
      throw new IllegalStateException(why);
    };
  }

  @Test
  void what_fails_is_told_once_for_each_and_each_reason() {
    assertThat(each.attempt(1, failing("bad"))).isEmpty();
    assertThat(each.attempt(1, failing("bad"))).isEmpty();
    assertThat(each.attempt(2, failing("bad"))).isEmpty();
    assertThat(each.attempt(3, () -> "done")).contains("done");
    assertThat(each.attempt(1, failing("worse"))).isEmpty();

    assertThat(told).containsExactly("1: bad", "2: bad", "1: worse");
  }

  @Test
  void what_fails_again_after_it_was_done_or_gone_is_news() {
    assertThat(each.attempt(1, failing("bad"))).isEmpty();
    assertThat(each.attempt(1, () -> "done")).contains("done");
    assertThat(each.attempt(1, failing("bad"))).isEmpty();
    each.keepOnly(List.of(2));
    assertThat(each.attempt(1, failing("bad"))).isEmpty();

    assertThat(told).containsExactly("1: bad", "1: bad", "1: bad");
  }

  @Test
  void a_trouble_of_the_database_ends_the_round_and_is_not_told_of_one() {
    DatabaseTrouble trouble = new DatabaseTrouble("away", new IllegalStateException());

    assertThatThrownBy(() ->
            each.attempt(
                1,
                () -> {
                  throw trouble;
                }))
        .isSameAs(trouble);

    assertThat(told).isEmpty();
  }
}
