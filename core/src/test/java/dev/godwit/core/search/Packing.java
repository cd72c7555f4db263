package dev.godwit.core.search;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Files;
import dev.godwit.core.search.World.Newest;
import dev.godwit.core.search.World.PostCopy;
import java.util.List;
import java.util.Optional;

/** A world as four numbers, and back: millions of them have to be remembered. */
final class Packing {
  /** How many numbers one world is. */
  static final int LONGS = 4;

  private static final Call[] CALLS = Call.values();
  private static final Arrival[] ARRIVALS = Arrival.values();
  private static final PostCopy[] POST_COPIES = PostCopy.values();
  private static final Files[] FILES = Files.values();
  private static final Newest[] NEWEST = Newest.values();

  private final Numbers<Migration> migrations = new Numbers<>("migrations", 18);
  private final Numbers<List<Order>> orders = new Numbers<>("orders", 16);
  private final Numbers<StepReply> replies = new Numbers<>("replies", 10);
  private final Numbers<HostView> views = new Numbers<>("views", 14);
  private final Numbers<Side> sides = new Numbers<>("sides", 22);
  private final Numbers<String> promises = new Numbers<>("broken promises", 6);
  private final World first;
  private final long[] words = new long[LONGS];
  private int at;

  Packing(World first) {
    this.first = first;
  }

  /** The decision's values are many times the same: here they become the very same. */
  Migration one(Migration migration) {
    return migrations.one(migration);
  }

  List<Order> one(List<Order> some) {
    return orders.one(some);
  }

  int number(Migration migration) {
    return migrations.of(migration);
  }

  int number(HostView view) {
    return views.of(view);
  }

  int number(StepReply reply) {
    return replies.of(reply);
  }

  /** Valid until the next call. */
  long[] pack(World w) {
    words[0] = 0;
    words[1] = 0;
    words[2] = 0;
    words[3] = 0;
    at = 0;
    put(migrations, w.migration);
    put(sides, w.source);
    put(sides, w.destination);
    at = 64;
    put(orders, w.toSend);
    put(orders, w.late);
    put(replies, w.reply);
    put(promises, w.broken);
    put(w.faultsLeft, 4);
    at = 128;
    put(views, w.sourceLooked);
    put(views, w.lastSource);
    put(views, w.lastDestination);
    put(migrations, w.before.orElse(first.migration));
    at = 192;
    put(w.server == Alive.UP);
    put(w.looking);
    put(w.patiencePassed);
    put(w.call.ordinal(), 4);
    put(w.arrival.ordinal(), 3);
    put(w.postCopy.ordinal(), 3);
    put(w.files.ordinal(), 2);
    put(w.attempts, 4);
    put(w.abortAsked);
    put(w.finishedWell);
    put(w.callLost);
    put(w.callHeld);
    put(w.link);
    put(w.sourceDisk);
    put(w.ranAtDestination);
    put(w.ranOn);
    put(w.split);
    put(w.olderAtSource);
    put(w.olderAtDestination);
    put(w.errors, 2);
    put(w.mistaken);
    put(w.powerLost);
    put(w.unwitnessed);
    put(w.movedOn);
    put(w.newest.ordinal(), 2);
    put(w.before.isPresent());
    put(w.sourceHeard);
    put(w.destinationHeard);
    put(w.wishesFree, 1);
    put(w.pausedSince);
    return words;
  }

  World unpack(long[] from, int offset) {
    System.arraycopy(from, offset, words, 0, LONGS);
    return first.after(this::read);
  }

  private void read(World w) {
    at = 0;
    w.migration = get(migrations);
    w.source = get(sides);
    w.destination = get(sides);
    at = 64;
    w.toSend = get(orders);
    w.late = get(orders);
    w.reply = get(replies);
    w.broken = get(promises);
    w.faultsLeft = get(4);
    at = 128;
    w.sourceLooked = get(views);
    w.lastSource = get(views);
    w.lastDestination = get(views);
    Migration before = get(migrations);
    at = 192;
    w.server = flag() ? Alive.UP : Alive.DOWN;
    w.looking = flag();
    w.patiencePassed = flag();
    w.call = CALLS[get(4)];
    w.arrival = ARRIVALS[get(3)];
    w.postCopy = POST_COPIES[get(3)];
    w.files = FILES[get(2)];
    w.attempts = get(4);
    w.abortAsked = flag();
    w.finishedWell = flag();
    w.callLost = flag();
    w.callHeld = flag();
    w.link = flag();
    w.sourceDisk = flag();
    w.ranAtDestination = flag();
    w.ranOn = flag();
    w.split = flag();
    w.olderAtSource = flag();
    w.olderAtDestination = flag();
    w.errors = get(2);
    w.mistaken = flag();
    w.powerLost = flag();
    w.unwitnessed = flag();
    w.movedOn = flag();
    w.newest = NEWEST[get(2)];
    w.before = flag() ? Optional.of(before) : Optional.empty();
    w.sourceHeard = flag();
    w.destinationHeard = flag();
    w.wishesFree = get(1);
    w.pausedSince = flag();
  }

  private <T> void put(Numbers<T> numbers, T value) {
    put(numbers.of(value), numbers.bits());
  }

  private void put(boolean flag) {
    put(flag ? 1 : 0, 1);
  }

  private void put(int value, int bits) {
    words[at >> 6] |= (long) value << (at & 63);
    at += bits;
  }

  private <T> T get(Numbers<T> numbers) {
    return numbers.value(get(numbers.bits()));
  }

  private boolean flag() {
    return get(1) == 1;
  }

  private int get(int bits) {
    int value = (int) (words[at >> 6] >>> (at & 63)) & ((1 << bits) - 1);
    at += bits;
    return value;
  }

  @Override
  public String toString() {
    return List.of(migrations, orders, replies, views, sides).toString();
  }
}
