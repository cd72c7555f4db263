package dev.godwit.core.search;

import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Rules;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Breadth first, so that the first story of a wrong end is a shortest one. */
final class Search {
  private final Rules rules;
  private final Packing packing;
  private final Atlas atlas = new Atlas();
  private final Ways ways = new Ways();
  private final Numbers<String> words = new Numbers<>("steps", 30);
  private final BitSet ends = new BitSet();

  private Search(World first, Rules rules) {
    this.packing = new Packing(first);
    this.rules = new RememberedRules(rules, packing);
    add(first, -1, "begin");
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
    return new Search(first, rules).run();
  }

  private int add(World world, int parent, String what) {
    return atlas.add(packing.pack(world), parent, words.of(what));
  }

  private Found run() {
    for (int at = 0; at < atlas.size(); at++) {
      World world = atlas.world(at, packing);
      Optional<String> wrong = Promises.broken(world);
      if (wrong.isPresent()) {
        return new Found(atlas.size(), Optional.of(new Story(wrong.get(), story(at))));
      }
      if (Promises.ended(world)) {
        ends.set(at);
      }
      for (Step step : steps(world)) {
        int next = add(step.after(), at, step.what());
        if (!goesWrong(world, step.after())) {
          ways.add(at, next);
        }
      }
    }
    return new Found(atlas.size(), endless());
  }

  /** An end that needs one more fault is none. */
  private static boolean goesWrong(World before, World after) {
    return after.faultsLeft < before.faultsLeft || after.errors < before.errors;
  }

  private List<Step> steps(World world) {
    List<Step> steps = new ArrayList<>(ServerSteps.of(world, rules));
    List<Step> libvirt = LibvirtSteps.of(world);
    steps.addAll(libvirt);
    steps.addAll(FaultSteps.of(world, rules));
    if ((libvirt.isEmpty() || world.finishHangs())
        && !world.patiencePassed
        && Life.looksAtHosts(world.migration)
        && ServerSteps.unchanged(world)) {
      steps.add(new Step("half a minute passes", world.after(w -> w.patiencePassed = true)));
    }
    return steps;
  }

  /**
   * A world from which no end can be reached any more, whatever is mended and whatever an operator
   * does who is told what to do. Where one can be reached from each world, one is reached as long
   * as nothing that may happen is put off for ever.
   */
  private Optional<Story> endless() {
    int stuck = ways.leadingTo(ends, atlas.size()).nextClearBit(0);
    return stuck < atlas.size()
        ? Optional.of(new Story("a history that never ends", story(stuck)))
        : Optional.empty();
  }

  private List<String> story(int end) {
    List<String> lines = new ArrayList<>();
    for (int at = end; at >= 0; at = atlas.parent(at)) {
      lines.add(words.value(atlas.words(at)));
    }
    Collections.reverse(lines);
    lines.add("then: " + atlas.world(end, packing));
    return lines;
  }
}
