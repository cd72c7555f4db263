package dev.godwit.agent.guest;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import javax.xml.XMLConstants;
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
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** libvirt's XML as a DOM; external entities and document types are refused. */
public final class Xml {
  private Xml() {}

  /** To make one takes longer than to parse a domain. They wait here for the next text. */
  private static final Queue<DocumentBuilder> BUILDERS = new ArrayBlockingQueue<>(4);

  static Document empty() {
    DocumentBuilder builder = taken();
    Document document = builder.newDocument();
    var _ = BUILDERS.offer(builder);
    return document;
  }

  private static DocumentBuilder taken() {
    return Optional.ofNullable(BUILDERS.poll()).orElseGet(Xml::builder);
  }

  /** The document's root; {@link IllegalArgumentException} when it is no XML. */
  public static Element parse(String text) {
    DocumentBuilder builder = taken();
    try {
      Element root = builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
      // One that found a fault is left to itself: nobody has to know what it still holds.
      var _ = BUILDERS.offer(builder);
      return root;
    } catch (SAXException | IOException e) {
      throw new IllegalArgumentException("expected libvirt's XML, found " + e.getMessage(), e);
    }
  }

  private static DocumentBuilder builder() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String text(Node node) {
    try {
      Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter out = new StringWriter();
      transformer.transform(new DOMSource(node), new StreamResult(out));
      return out.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Appends an element with attributes given as name, value, name, value. */
  static Element add(Node parent, String name, String... attributes) {
    Document document =
        parent instanceof Document it
            ? it
            : java.util.Objects.requireNonNull(parent.getOwnerDocument());
    Element element = document.createElement(name);
    for (int i = 0; i < attributes.length; i += 2) {
      element.setAttribute(attributes[i], attributes[i + 1]);
    }
    parent.appendChild(element);
    return element;
  }

  /** Appends an element that holds text. */
  static void addText(Node parent, String name, String text, String... attributes) {
    add(parent, name, attributes).setTextContent(text);
  }

  /** Children with that name. */
  static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && name.equals(element.getLocalName())) {
        found.add(element);
      }
    }
    return found;
  }

  /** The descendant at that path of names, if it is there. */
  static Optional<Element> at(Element root, String... path) {
    Optional<Element> here = Optional.of(root);
    for (String name : path) {
      here = here.flatMap(element -> children(element, name).stream().findFirst());
    }
    return here;
  }

  /** A domain's metadata of that namespace and name. */
  static Optional<Element> metadata(Element domain, String namespace, String name) {
    return at(domain, "metadata").stream()
        .flatMap(metadata -> children(metadata, name).stream())
        .filter(element -> namespace.equals(element.getNamespaceURI()))
        .findFirst();
  }

  /** The text at that path, empty when it is not there. */
  static String textAt(Element root, String... path) {
    return at(root, path).map(Node::getTextContent).map(String::strip).orElse("");
  }
}
