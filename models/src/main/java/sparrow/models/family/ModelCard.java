package sparrow.models.family;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Modality;
import sparrow.formats.weights.BadFileException;
import sparrow.models.config.JsonConfig;

/**
 * The content of a checkpoint folder's {@code sparrow.json}, if it has one; published folders have none.
 *
 * @param name of the model; else the folder's name
 * @param exit the exit plan that it recommends; else full depth
 * @param turns of the longest conversations that it was trained for, the question that is asked included; else empty
 * @param instructions whether it was trained to obey any; else it is taken to be
 * @param about a line for people: its knowledge and its limits; else empty
 * @param budget of speech that its replies can need, as measured; else unknown
 * @param settings of the command line, by key, which other programs need not follow
 */
public record ModelCard(
        String name,
        ExitPlan exit,
        OptionalInt turns,
        boolean instructions,
        Optional<String> about,
        Optional<SpeechBudget> budget,
        SequencedMap<String, String> settings) {
    /** The file. */
    public static final String FILE = "sparrow.json";

    private static final Set<String> KEYS =
            Set.of("name", "exit", "turns", "instructions", "about", "speech_budget", "settings");

    /** A card that says nothing but a name. */
    public static ModelCard named(String name) {
        return new ModelCard(
                name, ExitPlan.NONE, OptionalInt.empty(), true, Optional.empty(), Optional.empty(), new TreeMap<>());
    }

    /**
     * Reads keys {@code name}, {@code exit}, {@code turns}, {@code instructions}, {@code about}, {@code speech_budget} with
     * {@code codes_per_character} and {@code slack_seconds}, and {@code settings}, an object of strings, numbers and truth values.
     *
     * @throws BadFileException if a key is wrong or unknown
     * @throws IOException if the file cannot be read
     */
    public static ModelCard read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        String folderName = folder.toAbsolutePath().normalize().getFileName().toString();
        if (!Files.isRegularFile(file)) {
            return named(folderName);
        }
        JsonConfig json = JsonConfig.read(file);
        json.expectOnly(KEYS);
        return new ModelCard(
                json.text("name").orElse(folderName),
                json.has("exit") ? json.exitPlan("exit") : ExitPlan.NONE,
                json.has("turns") ? OptionalInt.of(json.positive("turns")) : OptionalInt.empty(),
                !json.has("instructions") || json.flag("instructions"),
                json.text("about"),
                json.has("speech_budget") ? Optional.of(budget(json)) : Optional.empty(),
                json.has("settings") ? json.section("settings").scalars() : new TreeMap<>());
    }

    /** Writes a card that says nothing but a name. */
    public static void writeNamed(Path folder, String name) throws IOException {
        Files.writeString(folder.resolve(FILE), String.format(Locale.ROOT, "{\"name\": \"%s\"}%n", name));
    }

    private static SpeechBudget budget(JsonConfig json) {
        JsonConfig section = json.section("speech_budget");
        try {
            return new SpeechBudget(section.number("codes_per_character"), section.number("slack_seconds"));
        } catch (IllegalArgumentException e) {
            if (e instanceof BadFileException) throw e;
            throw json.wrong("speech_budget", e.getMessage());
        }
    }

    /** The recommended plan; full depth if the heads of these units cannot follow it. */
    public ExitPlan plan(UnitFormat units) {
        boolean possible = Stream.of(Modality.values())
                .allMatch(modality -> units.exitLayers(modality)
                        .containsAll(exit.policy(modality).exitLayers()));
        return possible ? exit : ExitPlan.NONE;
    }
}
