package dev.godwit.simulation.libvirt;

import dev.godwit.agent.guest.Xml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What a simulated daemon reads in a domain's XML. */
record DomainXml(UUID uuid, String name, String text, Map<String, String> files) {
  static DomainXml parse(String text) {
    Element domain = Xml.parse(text);
    boolean inKib = inKib(domain);
    boolean withVcpu = withVcpu(domain);
    Map<String, String> files = new HashMap<>();
    NodeList disks = domain.getElementsByTagName("disk");
    for (int i = 0; i < disks.getLength(); i++) {
      Element disk = (Element) disks.item(i);
      String file = attribute(disk, "source", "file");
      if (!file.isEmpty() && disk.getElementsByTagName("readonly").getLength() == 0) {
        files.put(attribute(disk, "target", "dev"), file);
      }
    }
    return new DomainXml(
        UUID.fromString(textOf(domain, "uuid")),
        textOf(domain, "name"),
        inKib || withVcpu ? Xml.text(domain) : text,
        files);
  }

  /** Sizes are told in KiB, however they were given; true when that changed the XML. */
  private static boolean inKib(Element domain) {
    Element memory = (Element) domain.getElementsByTagName("memory").item(0);
    if (!memory.getAttribute("unit").equals("MiB")) {
      return false;
    }
    memory.setAttribute("unit", "KiB");
    memory.setTextContent(
        Long.toString(1024 * Long.parseLong(String.valueOf(memory.getTextContent()))));
    return true;
  }

  /** One where nothing is said; true when that changed the XML. */
  private static boolean withVcpu(Element domain) {
    if (domain.getElementsByTagName("vcpu").getLength() > 0) {
      return false;
    }
    Document document = java.util.Objects.requireNonNull(domain.getOwnerDocument());
    Element vcpu = document.createElement("vcpu");
    vcpu.setTextContent("1");
    domain.appendChild(vcpu);
    return true;
  }

  /** With somebody's own element, in place of the one of that namespace. */
  DomainXml withMetadata(String prefix, String uri, String element) {
    Element domain = Xml.parse(text);
    Document document = java.util.Objects.requireNonNull(domain.getOwnerDocument());
    if (domain.getElementsByTagName("metadata").getLength() == 0) {
      domain.appendChild(document.createElement("metadata"));
    }
    clear(domain, uri);
    Node metadata = domain.getElementsByTagName("metadata").item(0);
    Element theirs = Xml.parse(element);
    Node own = document.importNode(theirs, true);
    metadata.appendChild(document.renameNode(own, uri, prefix + ":" + theirs.getNodeName()));
    return new DomainXml(uuid, name, Xml.text(domain), files);
  }

  /** Without the element of that namespace. */
  DomainXml withoutMetadata(String uri) {
    Element domain = Xml.parse(text);
    return clear(domain, uri) ? new DomainXml(uuid, name, Xml.text(domain), files) : this;
  }

  /** True when there was one. */
  private static boolean clear(Element domain, String uri) {
    NodeList known = domain.getElementsByTagNameNS(uri, "*");
    boolean any = known.getLength() > 0;
    while (known.getLength() > 0) {
      Node one = java.util.Objects.requireNonNull(known.item(0));
      java.util.Objects.requireNonNull(one.getParentNode()).removeChild(one);
    }
    return any;
  }

  private static String textOf(Element domain, String tag) {
    return domain.getElementsByTagName(tag).item(0).getTextContent();
  }

  private static String attribute(Element of, String tag, String name) {
    NodeList found = of.getElementsByTagName(tag);
    return found.getLength() == 0 ? "" : ((Element) found.item(0)).getAttribute(name);
  }

  List<String> writableFiles() {
    return new ArrayList<>(files.values());
  }
}
