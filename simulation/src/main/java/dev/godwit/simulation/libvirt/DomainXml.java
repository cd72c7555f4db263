package dev.godwit.simulation.libvirt;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What a simulated daemon reads in a domain's XML. */
record DomainXml(UUID uuid, String name, String text, Map<String, String> files) {
  private static final DocumentBuilderFactory XML = DocumentBuilderFactory.newDefaultNSInstance();

  /** To make one takes longer than to parse a domain: one for each world that lives at once. */
  private static final Queue<DocumentBuilder> IDLE = new ConcurrentLinkedQueue<>();

  static DomainXml parse(String text) {
    Element domain = read(text);
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
        inKib || withVcpu ? write(domain) : text,
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
    Element domain = read(text);
    Document document = java.util.Objects.requireNonNull(domain.getOwnerDocument());
    if (domain.getElementsByTagName("metadata").getLength() == 0) {
      domain.appendChild(document.createElement("metadata"));
    }
    clear(domain, uri);
    Node metadata = domain.getElementsByTagName("metadata").item(0);
    Element theirs = read(element);
    Node own = document.importNode(theirs, true);
    metadata.appendChild(document.renameNode(own, uri, prefix + ":" + theirs.getNodeName()));
    return new DomainXml(uuid, name, write(domain), files);
  }

  /** Without the element of that namespace. */
  DomainXml withoutMetadata(String uri) {
    Element domain = read(text);
    return clear(domain, uri) ? new DomainXml(uuid, name, write(domain), files) : this;
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

  private static Element read(String text) {
    try {
      DocumentBuilder idle = IDLE.poll();
      DocumentBuilder builder = idle == null ? XML.newDocumentBuilder() : idle;
      Element domain = builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
      IDLE.add(builder);
      return domain;
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new IllegalArgumentException("a domain's XML", e);
    }
  }

  private static String write(Element domain) {
    StringWriter text = new StringWriter();
    try {
      Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      transformer.transform(new DOMSource(domain), new StreamResult(text));
    } catch (TransformerException e) {
      throw new IllegalArgumentException("a domain's XML", e);
    }
    return text.toString();
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
