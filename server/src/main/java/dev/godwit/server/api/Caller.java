package dev.godwit.server.api;

import dev.godwit.server.store.Instance;
import java.util.List;

/** Who calls, by their token. */
public record Caller(
    String userId, String userName, String projectId, String projectName, List<String> roles) {
  public Caller {
    roles = List.copyOf(roles);
  }

  /** True for operators. */
  public boolean admin() {
    return roles.contains("admin");
  }

  /** True for who may change things in his project. */
  boolean member() {
    return admin() || roles.contains("member");
  }

  /** True for who may look at things in his project. */
  boolean reader() {
    return member() || roles.contains("reader");
  }

  /** True when that project's things may be seen. */
  public boolean sees(Instance instance) {
    return admin() || instance.owner().projectId().equals(projectId);
  }

  /** As an owner of things. */
  public Instance.Owner owner() {
    return new Instance.Owner(projectId, userId);
  }
}
