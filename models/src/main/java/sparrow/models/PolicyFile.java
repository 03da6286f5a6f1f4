package sparrow.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.models.family.ModelCard;

/**
 * A JSON file with an exit plan that was chosen for a model. Its keys are {@code exit}, {@code model_fingerprint},
 * {@code heads} if the model has a file of exit heads, and {@code chosen}, an object of strings for the reader.
 *
 * @param file the file
 * @param plan the exit plan
 * @param model the model's fingerprint
 * @param heads the name of the model's exit-head file, or empty if there is none
 * @param chosen the budget, data and measurements by which the plan was chosen
 */
public record PolicyFile(
        Path file, ExitPlan plan, ModelFingerprint model, Optional<String> heads, SequencedMap<String, String> chosen) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Set<String> KEYS = Set.of("exit", "model_fingerprint", "heads", "chosen");

    public PolicyFile {
        chosen = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(chosen));
    }

    /**
     * Reads a file.
     *
     * @throws BadFileException if the file is missing, lacks a key, or has an unknown key or an invalid value
     * @throws IOException if the file cannot be read
     */
    public static PolicyFile read(Path file) throws IOException {
        JsonFile json = JsonFile.read(file);
        json.expectOnly(KEYS);
        return new PolicyFile(
                file,
                ModelCard.exitPlan(json),
                fingerprint(json),
                json.text("heads"),
                json.section("chosen").texts());
    }

    private static ModelFingerprint fingerprint(JsonFile json) {
        String key = "model_fingerprint";
        try {
            return new ModelFingerprint(json.text(key).orElse(""));
        } catch (IllegalArgumentException e) {
            throw json.wrong(key, "64 hexadecimal digits");
        }
    }

    /**
     * Writes the file atomically.
     *
     * @throws IOException if the file cannot be written
     */
    public void write() throws IOException {
        AtomicFile.write(file, JSON.writeValueAsString(json()) + "\n");
    }

    private ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("exit", plan.toString());
        json.put("model_fingerprint", model.toString());
        heads.ifPresent(name -> json.put("heads", name));
        ObjectNode reasons = json.putObject("chosen");
        chosen.forEach(reasons::put);
        return json;
    }

    /**
     * Returns the plan if it was chosen for the given model.
     *
     * @throws BadFileException if the plan was chosen for another model
     */
    public ExitPlan planFor(Transformer transformer) {
        ModelFingerprint found = ModelFingerprint.of(transformer);
        if (!found.equals(model)) {
            throw new BadFileException(
                    file, "model_fingerprint", "expected " + found + ", found " + model + ": chosen for another model");
        }
        return plan;
    }

    /** Returns a warning if the plan was chosen with an exit-head file of another name, or empty otherwise. */
    public Optional<String> warning(SpokenModel opened) {
        Optional<String> used = opened.files().heads().map(PolicyFile::name);
        if (used.equals(heads)) return Optional.empty();
        return Optional.of(
                file + " was chosen with " + heads.orElse("no exit heads") + ", in use: " + used.orElse("none"));
    }

    private static String name(Path headFile) {
        return headFile.getFileName().toString();
    }

    /** Returns the file for a plan that was chosen for an open model with its current heads. */
    public static PolicyFile chosen(Path file, ExitPlan plan, SpokenModel model, SequencedMap<String, String> how) {
        return new PolicyFile(
                file,
                plan,
                ModelFingerprint.of(model.languageModel().transformer()),
                model.files().heads().map(PolicyFile::name),
                how);
    }
}
