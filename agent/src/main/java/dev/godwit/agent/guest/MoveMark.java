package dev.godwit.agent.guest;

import dev.godwit.core.model.MigrationId;
import dev.godwit.libvirt.Domain;
import java.util.Optional;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * An element in the metadata of a domain that a migration brings: whose doing it is, until the
 * migration has settled. The source's own definition does not get it.
 */
public final class MoveMark {
  private static final String NAMESPACE = "https://godwit.dev/ns/migration/1";
  private static final String NAME = "migration";

  private MoveMark() {}

  /** The domain's XML with the migration's mark, in place of another's. */
  public static String on(String xml, MigrationId migration) {
    Element root = Xml.parse(xml);
    find(root).ifPresent(MoveMark::drop);
    Document document = java.util.Objects.requireNonNull(root.getOwnerDocument());
    Element mark = document.createElementNS(NAMESPACE, "godwit-move:" + NAME);
    mark.setAttribute("id", migration.toString());
    Xml.at(root, "metadata").orElseGet(() -> Xml.add(root, "metadata")).appendChild(mark);
    return Xml.text(root);
  }

  private static void drop(Node mark) {
    java.util.Objects.requireNonNull(mark.getParentNode()).removeChild(mark);
  }

  private static Optional<Element> find(Element root) {
    return Xml.metadata(root, NAMESPACE, NAME);
  }

  /** Which migration brought it; none once that has settled, and where the mark is not Godwit's. */
  static Optional<MigrationId> in(Element root) {
    try {
      return find(root).map(mark -> MigrationId.of(mark.getAttribute("id")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The same of a domain of libvirt's. */
  public static Optional<MigrationId> of(Domain domain) {
    return in(Xml.parse(domain.xml()));
  }

  /** Takes it from a domain that has settled; nothing happens where there is none. */
  public static void takeFrom(Domain domain) {
    if (domain.isPersistent()) {
      domain.removeMetadata(NAMESPACE, domain.isActive());
    }
  }
}
