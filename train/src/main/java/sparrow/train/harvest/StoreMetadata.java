package sparrow.train.harvest;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sparrow.formats.weights.BadFileException;
import sparrow.study.run.RunManifest;

/**
 * The metadata of a store in its {@code store.json}.
 *
 * @param fingerprint of the model that was harvested
 * @param modelLayers L
 * @param width channels of a state
 * @param vocabulary rows of the model's output matrix
 * @param layers whose states are kept, without L
 * @param targets the kept part of the last layer's distribution
 * @param batch prompts that were answered together
 * @param codebooks codes of a frame; 0 where speech is tokens
 * @param codes of a codebook; 0 where speech is tokens
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
    /**
     * Reads them.
     *
     * @param file for the message
     * @throws BadFileException if they do not describe a store
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
        return layers;
    }

    private static Targets targets(Path file, String text) {
        try {
            return Targets.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    HarvestLayout layout() {
        List<Integer> kept = new ArrayList<>(layers);
        return switch (targets) {
            case Targets.Exact() -> {
                kept.add(modelLayers);
                yield new HarvestLayout(kept, width, 0, codebooks);
            }
            case Targets.Top(int k) -> new HarvestLayout(kept, width, k, 0);
        };
    }
}
