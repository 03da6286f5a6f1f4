package sparrow.study.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.formats.weights.BadFileException;
import sparrow.models.NumericsFingerprint;

/**
 * The numerics that computed the results of a run, as its manifest keeps them: as a rule one, a text; several, a list, of a run
 * that was resumed with others ({@link MixedNumerics#ALLOWED}).
 *
 * @param names one or more, in the words of {@link NumericsFingerprint}
 */
public record NumericsFingerprints(List<String> names) {
    static final String KEY = "arithmetic";

    private static final Pattern VECTORS = Pattern.compile("vector-(?<bits>\\d+)(?<kind>x.*)");

    public NumericsFingerprints {
        names = List.copyOf(names);
    }

    /**
     * Those of a manifest; empty if it has none.
     *
     * @param file that holds the manifest, for the message
     * @throws BadFileException if they are neither a text nor a list of texts
     */
    public static Optional<NumericsFingerprints> in(Path file, RunManifest manifest) {
        JsonNode value = manifest.json().path(KEY);
        if (value.isMissingNode()) return Optional.empty();
        if (value.isTextual()) return Optional.of(new NumericsFingerprints(List.of(value.textValue())));
        List<String> names = new ArrayList<>();
        for (JsonNode name : value) if (name.isTextual()) names.add(name.textValue());
        if (!value.isArray() || names.isEmpty() || names.size() < value.size()) {
            throw new BadFileException(file, KEY, "expected a text or a list of texts, found " + value);
        }
        return Optional.of(new NumericsFingerprints(names));
    }

    NumericsFingerprints and(String other) {
        List<String> all = new ArrayList<>(names);
        all.add(other);
        return new NumericsFingerprints(all);
    }

    JsonNode json() {
        if (names.size() == 1) return JsonNodeFactory.instance.textNode(names.getFirst());
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        names.forEach(list::add);
        return list;
    }

    /** For a report, in one line: nothing needs to be said of results of one arithmetic. */
    public Optional<String> mixture() {
        if (names.size() == 1) return Optional.empty();
        return Optional.of("results of " + names.size() + " arithmetics, which differ in their last bits: "
                + String.join(", ", names));
    }

    /**
     * The refusal of another one, with the ways to resume.
     *
     * @param preferredBits vectors that the machine at work prefers
     */
    String refusal(String other, int preferredBits) {
        String found = "this run was begun with " + quoted(names) + ", this machine computes with "
                + quoted(List.of(other)) + "; ";
        String mixing = "--set allow-mixed-numerics=true, which mixes results that differ in their last bits";
        Optional<String> device = device(other);
        List<String> alike =
                names.stream().filter(name -> device(name).equals(device)).toList();
        if (alike.isEmpty()) {
            boolean onCpu = names.stream().anyMatch(name -> device(name).isEmpty());
            return found + "resume with --device " + (onCpu ? "cpu" : "and the device that it was begun on")
                    + ", or with " + mixing;
        }
        Optional<Integer> width = alike.stream()
                .flatMap(name -> width(name, other).stream())
                .filter(bits -> bits <= preferredBits)
                .findFirst();
        if (width.isPresent()) return found + "resume with --set vector-bits=" + width.get() + ", or with " + mixing;
        if (alike.stream().anyMatch(name -> words(name).equals(words(other)))) {
            return found
                    + "another processor, Java or version of Sparrow has other last bits; resume where it was begun,"
                    + " or with " + mixing;
        }
        return found + "resume where it was begun, or with " + mixing;
    }

    /** The width in which alone a name differs from another, digests aside. */
    private static Optional<Integer> width(String name, String other) {
        Matcher own = VECTORS.matcher(words(name));
        Matcher others = VECTORS.matcher(words(other));
        if (!own.matches() || !others.matches()) return Optional.empty();
        boolean alike = own.group("kind").equals(others.group("kind"));
        if (!alike || own.group("bits").equals(others.group("bits"))) return Optional.empty();
        return Optional.of(Integer.valueOf(own.group("bits")));
    }

    /** The device that computes layers; empty for the processor. */
    private static Optional<String> device(String name) {
        int on = name.indexOf(NumericsFingerprint.ON);
        return on < 0 ? Optional.empty() : Optional.of(name.substring(on));
    }

    private static String quoted(List<String> names) {
        return "\"" + String.join("\" and \"", names) + "\"";
    }

    /** Without digest and device. */
    private static String words(String name) {
        int space = name.indexOf(' ');
        return space < 0 ? name : name.substring(0, space);
    }
}
