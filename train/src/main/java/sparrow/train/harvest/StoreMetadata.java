package sparrow.train.harvest;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.TensorDescription;
import sparrow.study.folder.RunManifest;
import sparrow.tensor.DType;

/**
 * The content of a store according to its {@code store.json}. Each batch has the following tensors, with a row for each
 * of P positions:
 *
 * <ul>
 *   <li>{@code modality} [P]: modality that the position was expected to decide, 0 for text and 1 for speech
 *   <li>{@code tokens} [P]: token that followed
 *   <li>{@code choices} [P]: the last layer's greedy choice
 *   <li>{@code scales.L} [P] and {@code states.L} [P, width]: factors whose product is the hidden state after layer L
 *   <li>{@code top_ids} [P, k], {@code top_logp} [P, k] and {@code other_p} [P], with {@code topk} targets: likeliest
 *       tokens in descending order, natural logarithms of their probabilities, and total probability of all other
 *       tokens
 *   <li>{@code codes} [P, codebooks], if speech consists of frames: codes of the frame that followed; all are -1 at a
 *       text position, and token and choice are -1 at a frame position
 * </ul>
 *
 * @param fingerprint fingerprint of the harvested model
 * @param modelLayers number of layers of the model, L
 * @param width number of channels of a state
 * @param vocabulary number of rows of the model's output matrix
 * @param layers layers whose states are stored, ascending, without L
 * @param targets stored part of the last layer's distribution
 * @param batch number of prompts that were answered together
 * @param codebooks number of codes per frame, or 0 if speech consists of tokens
 * @param codes number of codes in a codebook, or 0 if speech consists of tokens
 */
public record StoreMetadata(
        String fingerprint,
        int modelLayers,
        int width,
        int vocabulary,
        List<Integer> layers,
        Targets targets,
        int batch,
        int codebooks,
        int codes) {
    static final String MODALITY = "modality";
    static final String TOKENS = "tokens";
    static final String CHOICES = "choices";
    static final String TOP_IDS = "top_ids";
    static final String TOP_LOGS = "top_logp";
    static final String OTHERS = "other_p";
    static final String CODES = "codes";

    /**
     * Reads a store's metadata.
     *
     * @param file file for exception messages
     * @throws BadFileException if the settings do not describe a store
     */
    static StoreMetadata of(Path file, RunManifest manifest) {
        int modelLayers = manifest.integer(file, "model_layers", 1);
        return new StoreMetadata(
                manifest.text(file, "model_fingerprint"),
                modelLayers,
                manifest.integer(file, "width", 1),
                manifest.integer(file, "vocabulary", 1),
                layers(file, manifest.json().path("layers"), modelLayers),
                targets(file, manifest.text(file, "targets")),
                manifest.integer(file, "batch", 1),
                orNone(file, manifest, "codebooks"),
                orNone(file, manifest, "codes"));
    }

    private static int orNone(Path file, RunManifest manifest, String key) {
        return manifest.json().has(key) ? manifest.integer(file, key, 1) : 0;
    }

    private static List<Integer> layers(Path file, JsonNode array, int modelLayers) {
        List<Integer> layers = new ArrayList<>();
        for (JsonNode layer : array) {
            int last = layers.isEmpty() ? 0 : layers.getLast();
            if (!layer.isInt() || layer.intValue() <= last || layer.intValue() >= modelLayers) {
                throw new BadFileException(
                        file,
                        "layers",
                        "expected ascending layers from 1 to " + (modelLayers - 1) + ", found " + array);
            }
            layers.add(layer.intValue());
        }
        if (layers.isEmpty()) throw new BadFileException(file, "layers", "expected a list of layers, found " + array);
        return List.copyOf(layers);
    }

    private static Targets targets(Path file, String text) {
        try {
            return Targets.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    static String scales(int layer) {
        return "scales." + layer;
    }

    static String states(int layer) {
        return "states." + layer;
    }

    /** Returns the layers whose states the batches contain, including L if the targets are exact. */
    List<Integer> storedLayers() {
        List<Integer> stored = new ArrayList<>(layers);
        if (targets.areExact()) stored.add(modelLayers);
        return stored;
    }

    /** Returns the tensors for a number of positions. */
    List<TensorDescription> tensors(int positions) {
        List<TensorDescription> tensors = new ArrayList<>();
        for (String name : List.of(MODALITY, TOKENS, CHOICES)) {
            tensors.add(new TensorDescription(name, DType.I32, List.of(positions)));
        }
        for (int layer : storedLayers()) {
            tensors.add(new TensorDescription(scales(layer), DType.F32, List.of(positions)));
            tensors.add(new TensorDescription(states(layer), DType.F16, List.of(positions, width)));
        }
        if (!targets.areExact()) {
            tensors.add(new TensorDescription(TOP_IDS, DType.I32, List.of(positions, targets.top())));
            tensors.add(new TensorDescription(TOP_LOGS, DType.F32, List.of(positions, targets.top())));
            tensors.add(new TensorDescription(OTHERS, DType.F32, List.of(positions)));
        }
        if (codebooks > 0) tensors.add(new TensorDescription(CODES, DType.I32, List.of(positions, codebooks)));
        return tensors;
    }

    /**
     * Returns the size of the tensors for a number of positions, in bytes.
     *
     * @throws ArithmeticException if the size exceeds the range of a long
     */
    long bytes(int positions) {
        return tensors(positions).stream().mapToLong(TensorDescription::bytes).reduce(0, Math::addExact);
    }
}
