package dev.godwit.server.api;

import static dev.godwit.server.api.Route.Access.ADMIN;
import static dev.godwit.server.api.Route.Access.ANYBODY;
import static dev.godwit.server.api.Route.Access.MEMBER;
import static dev.godwit.server.api.Route.Access.READER;

import dev.godwit.server.api.view.Json;
import java.util.List;

/**
 * The routing table: every path that is served, by whom it may be asked, and since which version.
 */
final class Routes {
  private Routes() {}

  /** Everything outside /v2.1. */
  static List<Route> unversioned(
      VersionsApi versions,
      IdentityApi identity,
      FlavorsApi flavors,
      Whole whole,
      GodwitApi godwit) {
    HostsApi hosts = whole.hosts();
    return List.of(
        Route.of("GET", "/", ANYBODY, versions::all),
        Route.of("GET", "/v2", ANYBODY, versions::v2),
        Route.of("GET", "/v2.1", ANYBODY, versions::v21),
        Route.of("GET", "/v3", ANYBODY, identity::version),
        Route.of("POST", "/v3/auth/tokens", ANYBODY, identity::logIn),
        Route.of("GET", "/v3/auth/tokens", READER, identity::validate),
        Route.of("GET", "/image", ANYBODY, versions::image),
        Route.of("GET", "/image/v2/images", READER, flavors::images),
        Route.of("GET", "/image/v2/images/{id}", READER, flavors::imageDetail),
        Route.of("GET", "/godwit/v1/hosts", ADMIN, hosts::list),
        Route.of("POST", "/godwit/v1/hosts/{name}/fence", ADMIN, hosts::fence),
        Route.of("GET", "/godwit/v1/leftovers", ADMIN, whole.leftovers()::list),
        Route.of("POST", "/godwit/v1/leftovers/remove", ADMIN, whole.leftovers()::remove),
        Route.of("POST", "/godwit/v1/plans", ADMIN, godwit::plan),
        Route.of("POST", "/godwit/v1/guests/adopt", ADMIN, godwit::adopt),
        Route.of("GET", "/godwit/v1/migrations", ADMIN, godwit::list),
        Route.of("GET", "/godwit/v1/migrations/{id}", ADMIN, godwit::show),
        Route.of("POST", "/godwit/v1/migrations/{id}/ruling", ADMIN, whole.rulings()::rule));
  }

  /** The Compute API, below /v2.1 with or without a project id. */
  static List<Route> compute(
      ServersApi servers,
      ServerActionsApi serverActions,
      MigrationsApi migrations,
      ActionsApi actions,
      Operators operators) {
    ServicesApi services = operators.services();
    HypervisorsApi hypervisors = operators.hypervisors();
    FlavorsApi flavors = operators.flavors();
    return List.of(
        Route.of("GET", "/servers", READER, servers::list),
        Route.of("POST", "/servers", MEMBER, servers::create),
        Route.of("GET", "/servers/detail", READER, servers::detail),
        Route.of("GET", "/servers/{id}", READER, servers::show),
        Route.of("DELETE", "/servers/{id}", MEMBER, servers::delete),
        Route.of("POST", "/servers/{id}/action", MEMBER, serverActions::act),
        Route.of("GET", "/servers/{id}/os-instance-actions", READER, actions::list),
        Route.of("GET", "/servers/{id}/os-instance-actions/{request}", READER, actions::show),
        Route.of("GET", "/servers/{id}/migrations", ADMIN, migrations::ofServer).since(23),
        Route.of("GET", "/servers/{id}/migrations/{migration}", ADMIN, migrations::show).since(23),
        Route.of("DELETE", "/servers/{id}/migrations/{migration}", ADMIN, migrations::abort)
            .since(24),
        Route.of("POST", "/servers/{id}/migrations/{migration}/action", ADMIN, migrations::act)
            .since(22),
        Route.of("GET", "/os-migrations", ADMIN, migrations::all),
        Route.of("GET", "/os-services", ADMIN, services::list),
        Route.of("PUT", "/os-services/{id}", ADMIN, services::putOld).until(52),
        Route.of("PUT", "/os-services/{id}", ADMIN, services::put).since(53),
        Route.of("GET", "/os-hypervisors", ADMIN, hypervisors::list),
        Route.of("GET", "/os-hypervisors/detail", ADMIN, hypervisors::detail),
        Route.of("GET", "/os-hypervisors/statistics", ADMIN, hypervisors::statistics),
        Route.of("GET", "/os-hypervisors/{id}", ADMIN, hypervisors::show),
        Route.of("GET", "/os-hypervisors/{id}/uptime", ADMIN, hypervisors::uptime),
        Route.of("GET", "/os-hypervisors/{pattern}/search", ADMIN, hypervisors::search).until(52),
        Route.of("GET", "/os-hypervisors/{pattern}/servers", ADMIN, hypervisors::servers).until(52),
        Route.of("GET", "/os-aggregates", ADMIN, operators::aggregates),
        Route.of("GET", "/flavors", READER, flavors::list),
        Route.of("GET", "/flavors/detail", READER, flavors::detail),
        Route.of("GET", "/flavors/{id}", READER, flavors::show),
        Route.of("GET", "/flavors/{id}/os-extra_specs", READER, flavors::extraSpecs));
  }

  /** What is said of hosts as a whole, and of guests that no host can tell of. */
  record Whole(HostsApi hosts, LeftoversApi leftovers, RulingsApi rulings) {}

  /** What operators look at. */
  record Operators(ServicesApi services, HypervisorsApi hypervisors, FlavorsApi flavors) {
    /** There are none, which clients ask before they show a hypervisor. */
    Reply aggregates(Call call) {
      return Reply.ok(Json.wrap("aggregates", Json.array()));
    }
  }
}
