package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The BOM lists each artifact that is published. */
class BomTest {
    @Test
    void listsEachPublishedModule() throws Exception {
        Element parent = read("pom.xml");
        List<String> published = new ArrayList<>(texts(parent, "module").stream()
                .filter(module -> !module.contains("/")) // the incubator, which a profile adds
                .map(module -> "sparrow-" + module)
                .toList());
        published.removeAll(texts(parent, "excludeArtifact"));
        published.remove("sparrow-bom");

        Element managed = (Element)
                read("bom/pom.xml").getElementsByTagName("dependencyManagement").item(0);
        List<String> listed = texts(managed, "artifactId");

        assertThat(listed).containsExactlyElementsOf(published);
    }

    private static Element read(String pom) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Repository.ROOT.resolve(pom).toFile())
                .getDocumentElement();
    }

    private static List<String> texts(Element parent, String element) {
        NodeList found = parent.getElementsByTagName(element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) texts.add(found.item(i).getTextContent());
        return texts;
    }
}
