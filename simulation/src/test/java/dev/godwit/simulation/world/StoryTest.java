package dev.godwit.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.simulation.time.SeededTimeline;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoryTest {
  private static List<String> told(int lines) {
    Story story = new Story(new SeededTimeline(new SplittableRandom(1)));
    IntStream.rangeClosed(1, lines).forEach(line -> story.tell("line " + line));
    return story.lines();
  }

  @Test
  void a_short_one_is_told_whole() {
    assertThat(Story.shortened(told(30), 30)).isEqualTo(told(30));
  }

  @Test
  void of_a_long_one_the_beginning_and_the_end_are_told_and_how_much_is_not() {
    List<String> brief = Story.shortened(told(100), 30);

    assertThat(brief).hasSize(30);
    assertThat(brief.getFirst()).endsWith("line 1");
    assertThat(brief.getLast()).endsWith("line 100");
    assertThat(brief).contains("… 71 lines are left out …");
  }

  @Test
  void the_end_of_one_that_is_too_long_to_be_kept_is_kept() {
    List<String> story = told(10_000);

    assertThat(story).hasSizeLessThan(5_000);
    assertThat(story.getLast()).endsWith("line 10000");
    assertThat(story).contains("… 6000 lines are left out …");
  }
}
