package dev.godwit.core.search;

import dev.godwit.core.migration.Life;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Breadth first, so that the first story of a wrong end is a shortest one. */
final class Search {
  private final Rules rules;
  private final Map<World, Integer> numbers = new HashMap<>();
  private final List<World> worlds = new ArrayList<>();
  private final List<Integer> parents = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private final List<List<Integer>> cameFrom = new ArrayList<>();

  private Search(Rules rules) {
    this.rules = rules;
  }

  /**
   * What was found.
   *
   * @param states how many different worlds there are within the bound
   * @param wrong the shortest story of a broken promise, if there is one
   */
  record Found(int states, Optional<Story> wrong) {}

  /** How it came to that. */
  record Story(String promise, List<String> steps) {
    @Override
    public String toString() {
      return promise + "\n  " + String.join("\n  ", steps);
    }
  }

  static Found from(World first, Rules rules) {
    return new Search(rules).run(first);
  }

  private Found run(World first) {
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    queue.add(number(first, -1, "begin"));
    while (!queue.isEmpty()) {
      int at = queue.remove();
      World world = worlds.get(at);
      Optional<String> wrong = Promises.broken(world);
      if (wrong.isPresent()) {
        return new Found(worlds.size(), Optional.of(new Story(wrong.get(), story(at))));
      }
      for (Step step : steps(world)) {
        Integer known = numbers.get(step.after());
        if (known == null) {
          known = number(step.after(), at, step.what());
          queue.add(known);
        }
        cameFrom.get(known).add(at);
      }
    }
    return new Found(worlds.size(), endless());
  }

  private int number(World world, int parent, String what) {
    int number = worlds.size();
    numbers.put(world, number);
    worlds.add(world);
    parents.add(parent);
    words.add(what);
    cameFrom.add(new ArrayList<>(2));
    return number;
  }

  private List<Step> steps(World world) {
    List<Step> steps = new ArrayList<>(ServerSteps.of(world, rules));
    List<Step> libvirt = LibvirtSteps.of(world);
    steps.addAll(libvirt);
    steps.addAll(FaultSteps.of(world, rules));
    if (libvirt.isEmpty() && !world.patiencePassed && Life.looksAtHosts(world.migration.phase())) {
      steps.add(new Step("half a minute passes", world.after(w -> w.patiencePassed = true)));
    }
    return steps;
  }

  /** A world from which no end can be reached any more, whatever is mended. */
  private Optional<Story> endless() {
    BitSet ends = new BitSet(worlds.size());
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    for (int i = 0; i < worlds.size(); i++) {
      if (Promises.ended(worlds.get(i))) {
        ends.set(i);
        queue.add(i);
      }
    }
    while (!queue.isEmpty()) {
      for (int before : cameFrom.get(queue.remove())) {
        if (!ends.get(before)) {
          ends.set(before);
          queue.add(before);
        }
      }
    }
    int stuck = ends.nextClearBit(0);
    return stuck < worlds.size()
        ? Optional.of(new Story("a history that never ends", story(stuck)))
        : Optional.empty();
  }

  private List<String> story(int end) {
    List<String> lines = new ArrayList<>();
    for (int at = end; at >= 0; at = parents.get(at)) {
      lines.add(words.get(at));
    }
    Collections.reverse(lines);
    lines.add("then: " + worlds.get(end));
    return lines;
  }
}
