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
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;

/**
 * The content of a checkpoint folder's {@code sparrow.json}. Defaults apply to published folders, which do not contain
 * this file.
 *
 * @param name the model's name; the folder's name by default
 * @param exit the recommended exit plan; full depth by default
 * @param turns the maximum number of turns, including the current question, for which the model was trained, or empty
 *     if unknown
 * @param instructions whether the model was trained to follow instructions; true by default
 * @param about a line about the model's knowledge and limits, or empty if not given
 * @param refusal the reply that the model was trained to give to a question that it does not know or understand, or
 *     empty if not given
 * @param quietMs the maximum number of milliseconds of quiet at the beginning and at the end of a spoken question that
 *     the model was trained for, or empty if any is heard
 * @param budget the maximum amount of speech in the model's replies, or empty if not measured
 * @param settings command-line settings by key; other programs may ignore them
 */
public record ModelCard(
        String name,
        ExitPlan exit,
        OptionalInt turns,
        boolean instructions,
        Optional<String> about,
        Optional<String> refusal,
        OptionalInt quietMs,
        Optional<SpeechBudget> budget,
        SequencedMap<String, String> settings) {
    /** The card's file name. */
    public static final String FILE = "sparrow.json";

    private static final Set<String> KEYS = Set.of(
            "name", "exit", "turns", "instructions", "about", "refusal", "quiet_ms", "speech_budget", "settings");

    /** Returns a card with the given name and defaults. */
    public static ModelCard named(String name) {
        return new ModelCard(
                name,
                ExitPlan.NONE,
                OptionalInt.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                new TreeMap<>());
    }

    /**
     * Reads a folder's card. Its keys are {@code name}, {@code exit}, {@code turns}, {@code instructions},
     * {@code about}, {@code refusal}, {@code quiet_ms}, {@code speech_budget} with {@code codes_per_character} and
     * {@code slack_seconds}, and {@code settings}, an object of strings, numbers and booleans.
     *
     * @throws BadFileException if a key is unknown or its value is invalid
     * @throws IOException if the file cannot be read
     */
    public static ModelCard read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        String folderName = folder.toAbsolutePath().normalize().getFileName().toString();
        if (!Files.isRegularFile(file)) {
            return named(folderName);
        }
        JsonFile json = JsonFile.read(file);
        json.expectOnly(KEYS);
        return new ModelCard(
                json.text("name").orElse(folderName),
                json.has("exit") ? exitPlan(json) : ExitPlan.NONE,
                json.has("turns") ? OptionalInt.of(json.positive("turns")) : OptionalInt.empty(),
                !json.has("instructions") || json.flag("instructions"),
                json.text("about"),
                json.text("refusal"),
                json.has("quiet_ms") ? OptionalInt.of(json.positive("quiet_ms")) : OptionalInt.empty(),
                json.has("speech_budget") ? Optional.of(budget(json)) : Optional.empty(),
                json.has("settings") ? json.section("settings").scalars() : new TreeMap<>());
    }

    /** Writes a card that contains only a name. */
    public static void writeNamed(Path folder, String name) throws IOException {
        Files.writeString(folder.resolve(FILE), String.format(Locale.ROOT, "{\"name\": \"%s\"}%n", name));
    }

    /**
     * Returns the exit plan at the key {@code exit}, in the notation of {@link ExitPlan#parse}.
     *
     * @throws BadFileException if the key is missing or its value is not in this notation
     */
    public static ExitPlan exitPlan(JsonFile json) {
        String expected = "exits, such as even:12";
        String text = json.text("exit").orElseThrow(() -> json.wrong("exit", expected));
        try {
            return ExitPlan.parse(text);
        } catch (IllegalArgumentException e) {
            throw json.wrong("exit", expected + " (" + e.getMessage() + ")");
        }
    }

    private static SpeechBudget budget(JsonFile json) {
        JsonFile section = json.section("speech_budget");
        try {
            return new SpeechBudget(section.number("codes_per_character"), section.number("slack_seconds"));
        } catch (IllegalArgumentException e) {
            if (e instanceof BadFileException) throw e;
            throw json.wrong("speech_budget", e.getMessage());
        }
    }

    /** Returns the recommended plan, or full depth if these units lack heads that the plan needs. */
    public ExitPlan plan(UnitFormat units) {
        boolean possible = Stream.of(Modality.values())
                .allMatch(modality -> units.exitLayers(modality)
                        .containsAll(exit.policy(modality).exitLayers()));
        return possible ? exit : ExitPlan.NONE;
    }
}
