package dev.godwit.server.api;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.VmState;
import dev.godwit.server.api.view.ServerView;
import dev.godwit.server.store.Instance;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The query of a list of servers. Filters that nothing here can have match nothing. */
final class ServerFilter {
  private static final int LONGEST_PATTERN = 255;
  private static final Set<String> STATUSES =
      Set.of(
          "ACTIVE",
          "BUILD",
          "DELETED",
          "ERROR",
          "HARD_REBOOT",
          "MIGRATING",
          "PASSWORD",
          "PAUSED",
          "REBOOT",
          "REBUILD",
          "RESCUE",
          "RESIZE",
          "REVERT_RESIZE",
          "SHELVED",
          "SHELVED_OFFLOADED",
          "SHUTOFF",
          "SOFT_DELETED",
          "SUSPENDED",
          "VERIFY_RESIZE");
  private static final String[] KNOWN = {
    "all_tenants",
    "availability_zone",
    "changes-before",
    "changes-since",
    "config_drive",
    "deleted",
    "flavor",
    "host",
    "image",
    "instance_name",
    "ip",
    "ip6",
    "key_name",
    "limit",
    "locked",
    "marker",
    "name",
    "node",
    "not-tags",
    "not-tags-any",
    "power_state",
    "progress",
    "project_id",
    "reservation_id",
    "sort_dir",
    "sort_key",
    "status",
    "tags",
    "tags-any",
    "task_state",
    "tenant_id",
    "user_id",
    "uuid",
    "vm_state"
  };

  private final Call call;
  private Predicate<Instance> wanted = instance -> true;

  private ServerFilter(Call call) {
    this.call = call;
  }

  static Predicate<Instance> of(Call call) {
    call.onlyQueries(75, KNOWN);
    ServerFilter filter = new ServerFilter(call);
    filter.owner();
    filter.identity();
    filter.state();
    filter.changes();
    filter.whatNothingHas();
    if (call.caller().admin()) {
      filter.forOperators();
    }
    return filter.wanted;
  }

  /** True when deleted ones are to be looked through, too. */
  static boolean withDeleted(Call call) {
    return deleted(call) || call.query("changes-since").isPresent();
  }

  private static boolean deleted(Call call) {
    return call.caller().admin() && call.query("deleted").map(ServerFilter::truth).orElse(false);
  }

  private static boolean truth(String text) {
    return !Set.of("0", "false", "no", "off", "").contains(text.toLowerCase(Locale.ROOT));
  }

  private void and(String key, BiPredicate<Instance, String> test) {
    call.query(key).ifPresent(text -> wanted = wanted.and(it -> test.test(it, text)));
  }

  private void owner() {
    boolean all = call.query("all_tenants").map(ServerFilter::truth).orElse(false);
    if (all && !call.caller().admin()) {
      throw new Fault(
          403,
          "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed.");
    }
    if (!all) {
      wanted = it -> it.owner().projectId().equals(call.caller().projectId());
    }
  }

  private void identity() {
    call.query("name")
        .ifPresent(text -> {
          Pattern pattern = pattern(text);
          wanted = wanted.and(it -> pattern.matcher(new BoundedText(it.name())).find());
        });
    and("uuid", (it, text) -> it.id().toString().equals(text));
    and("image", (it, text) -> it.imageId().equals(text));
    and("flavor", (it, text) -> it.flavor().id().equals(text));
    and("availability_zone", (it, text) -> text.equals(it.host().isPresent() ? "nova" : ""));
    and("reservation_id", (it, text) -> text.equals("r-%08x".formatted(it.number())));
    String sort = call.query("sort_key").orElse("created_at");
    if (!sort.equals("created_at") || !call.query("sort_dir").orElse("desc").equals("desc")) {
      throw Fault.badRequest(
          "Lists are sorted by created_at, desc. Another order is not there yet: leave sort_key and sort_dir out.");
    }
  }

  private static Pattern pattern(String text) {
    if (text.length() > LONGEST_PATTERN) {
      throw Fault.badRequest("Invalid filter field: name is too long.");
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw Fault.badRequest("Invalid filter field: name is no regular expression.");
    }
  }

  private void state() {
    call.query("status")
        .ifPresent(text -> {
          String status = text.toUpperCase(Locale.ROOT);
          if (!STATUSES.contains(status) && call.version().from(38)) {
            throw Fault.badRequest("Invalid status value");
          }
          wanted = wanted.and(it -> ServerView.status(it).equals(status));
        });
    and("vm_state", (it, text) -> it.vmState().word().equals(text));
    and("task_state", (it, text) -> it.taskState().word().equals(text));
    and("power_state", (it, text) -> Integer.toString(it.powerState().code()).equals(text));
    if (call.version().from(73)) {
      and("locked", (it, text) -> !truth(text));
    }
  }

  private void changes() {
    if (deleted(call)) {
      wanted = wanted.and(it -> it.vmState() == VmState.DELETED);
    }
    Optional<Instant> since = call.time("changes-since");
    Optional<Instant> before =
        call.version().from(66) ? call.time("changes-before") : Optional.empty();
    if (since.isPresent() && before.isPresent() && since.get().isAfter(before.get())) {
      throw Fault.badRequest(
          "The value of changes-since must be less than or equal to changes-before.");
    }
    since.ifPresent(at -> wanted = wanted.and(it -> !it.updatedAt().isBefore(at)));
    before.ifPresent(at -> wanted = wanted.and(it -> !it.updatedAt().isAfter(at)));
  }

  private void whatNothingHas() {
    and("ip", (it, text) -> text.isEmpty());
    and("ip6", (it, text) -> text.isEmpty());
    and("key_name", (it, text) -> text.isEmpty());
    if (call.version().from(26)) {
      and("tags", (it, text) -> text.isEmpty());
      and("tags-any", (it, text) -> text.isEmpty());
    }
  }

  private void forOperators() {
    and("host", (it, text) -> it.host().map(HostName::value).equals(Optional.of(text)));
    and("node", (it, text) -> it.node().equals(Optional.of(text)));
    and("instance_name", (it, text) -> it.domainName().equals(text));
    and("user_id", (it, text) -> it.owner().userId().equals(text));
    and("project_id", (it, text) -> it.owner().projectId().equals(text));
    and("tenant_id", (it, text) -> it.owner().projectId().equals(text));
  }
}
