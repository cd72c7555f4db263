package dev.godwit.simulation.libvirt;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What a simulated daemon reads in a domain's XML. */
record DomainXml(UUID uuid, String name, String text, Map<String, String> files) {
  private static final DocumentBuilderFactory XML = DocumentBuilderFactory.newDefaultNSInstance();

  static DomainXml parse(String text) {
    try {
      Element domain =
          XML.newDocumentBuilder()
              .parse(new InputSource(new StringReader(text)))
              .getDocumentElement();
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
          UUID.fromString(textOf(domain, "uuid")), textOf(domain, "name"), text, files);
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new IllegalArgumentException("a domain's XML", e);
    }
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
