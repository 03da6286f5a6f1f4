package sparrow.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A drawing of docs/architecture: a PlantUML component diagram, in the few forms that both ArchUnit and {@link #mermaid}
 * understand. Any other line is refused, so that what is shown and what is tested cannot differ.
 *
 * @param name of the file, without its ending
 * @param components the packages of each, in ArchUnit's notation, by its name
 * @param groups components by the name of the frame around them; empty where none is drawn
 * @param arrows in the order of the file
 */
record Drawing(
        String name,
        SequencedMap<String, List<String>> components,
        SequencedMap<String, List<String>> groups,
        List<Arrow> arrows) {
    private static final Path FOLDER = Repository.ROOT.resolve("docs/architecture");
    private static final Pattern COMPONENT = Pattern.compile("\\[([^\\]]+)]((?: <<[^<>]+>>)+)");
    private static final Pattern PACKAGES = Pattern.compile("<<([^<>]+)>>");
    private static final Pattern ARROW = Pattern.compile("\\[([^\\]]+)] (-->|\\.\\.>) \\[([^\\]]+)]");
    private static final Pattern GROUP = Pattern.compile("package \"([^\"]+)\" \\{");

    /**
     * Who uses whom.
     *
     * @param compiled whether classes use classes; if not, the target is found at run time, which ArchUnit does not see
     */
    record Arrow(String from, String to, boolean compiled) {}

    static Path file(String name) {
        return FOLDER.resolve(name + ".puml");
    }

    /** The packages whose arrows a drawing draws: those of the module of its name, or of all modules. */
    static String packages(String name) {
        return name.equals("modules") ? "sparrow.." : "sparrow." + name + "..";
    }

    /** All of them, by name. */
    static List<Drawing> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Drawing> drawings = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                drawings.add(read(file.getFileName().toString().replace(".puml", "")));
            }
            return drawings;
        }
    }

    static Drawing read(String name) throws IOException {
        Drawing drawing = new Drawing(name, new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        String group = null;
        for (String line : Files.readAllLines(file(name))) {
            String text = line.strip();
            Matcher component = COMPONENT.matcher(text);
            Matcher arrow = ARROW.matcher(text);
            Matcher frame = GROUP.matcher(text);
            if (component.matches()) {
                List<String> packages = PACKAGES.matcher(component.group(2))
                        .results()
                        .map(match -> match.group(1))
                        .toList();
                drawing.components.put(component.group(1), packages);
                if (group != null) drawing.groups.get(group).add(component.group(1));
            } else if (arrow.matches()) {
                drawing.arrows.add(
                        new Arrow(arrow.group(1), arrow.group(3), arrow.group(2).equals("-->")));
            } else if (frame.matches()) {
                group = frame.group(1);
                drawing.groups.put(group, new ArrayList<>());
            } else if (text.equals("}")) {
                group = null;
            } else if (!text.isEmpty() && !text.startsWith("'") && !text.startsWith("@")) {
                throw new IllegalArgumentException(
                        name + ".puml: expected a component, an arrow or a frame, found: " + text);
            }
        }
        return drawing;
    }

    /** The text of the file without one of its arrows. */
    String without(Arrow arrow) throws IOException {
        String line = "[" + arrow.from + "] --> [" + arrow.to + "]";
        return Files.readString(file(name)).replace("\n" + line + "\n", "\n");
    }

    /** The same drawing as GitHub shows it: a block of Mermaid, fence included. */
    String mermaid() {
        List<String> lines = new ArrayList<>(List.of("```mermaid", "flowchart TD"));
        List<String> free = new ArrayList<>(components.keySet());
        for (Map.Entry<String, List<String>> group : groups.entrySet()) {
            lines.add("    subgraph " + group.getKey());
            for (String component : group.getValue()) lines.add("        " + node(component));
            lines.add("    end");
            free.removeAll(group.getValue());
        }
        // Those that are their own labels need no line, but for one that no arrow names.
        free.removeIf(component -> id(component).equals(component) && hasArrow(component));
        for (String component : free) lines.add("    " + node(component));
        SequencedMap<String, List<String>> ends = new LinkedHashMap<>();
        for (Arrow arrow : arrows) {
            String start = "    " + id(arrow.from) + (arrow.compiled ? " --> " : " -.-> ");
            ends.computeIfAbsent(start, _ -> new ArrayList<>()).add(id(arrow.to));
        }
        ends.forEach((start, targets) -> lines.add(start + String.join(" & ", targets)));
        lines.add("```");
        return String.join("\n", lines);
    }

    private boolean hasArrow(String component) {
        return arrows.stream().anyMatch(arrow -> arrow.from.equals(component) || arrow.to.equals(component));
    }

    private static String node(String component) {
        String id = id(component);
        return id.equals(component) ? id : id + "[\"" + component + "\"]";
    }

    private static String id(String component) {
        return component.replaceAll("[^A-Za-z0-9]+", "_");
    }
}
