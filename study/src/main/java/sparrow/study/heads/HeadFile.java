package sparrow.study.heads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Tensor;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Safetensors;
import sparrow.engine.weights.SafetensorsWriter;
import sparrow.models.SpokenModel;
import sparrow.study.run.RunFacts;

/**
 * A file of trained heads, as {@link ExitHeads#read} takes it: matrices in f16, and in the metadata whose heads they are
 * and how they were trained.
 */
final class HeadFile {
    private static final String TRAINING = "training";

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    HeadFile(SpokenModel model, HarvestStore store, TrainingSettings settings, String tool) {
        metadata.put(ExitHeads.APPLY_FINAL_NORM, Boolean.toString(settings.norm() == HeadNorm.FINAL));
        metadata.put(ExitHeads.MODEL_FINGERPRINT, store.facts().fingerprint());
        metadata.put("model", model.name());
        metadata.put("trained_by", tool);
        metadata.put("replies", Integer.toString(store.size()));
        metadata.put("targets", store.facts().targets().toString());
        ObjectNode asked =
                settings.with(store, settings.layers().getFirst()).json().deepCopy();
        asked.remove("layer");
        metadata.put(TRAINING, asked.toString());
    }

    /** Adds a layer's head with what was asked for and what came out. */
    void add(TrainedHead trained, TrainableHead head, OutputRows output) {
        String prefix = "head." + trained.layer() + ".";
        head.tensors().forEach((part, tensor) -> tensors.put(prefix + part, stored(tensor)));
        if (output.tokens() != null) {
            tensors.put(prefix + "tokens", Tensor.of(output.tokens(), output.tokens().length));
        }
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        figures.set("before", FiguresJson.of(trained.epochs().getFirst()));
        figures.set("after", FiguresJson.of(trained.best()));
        metadata.put("head." + trained.layer(), figures.toString());
    }

    /**
     * What a file says of these heads.
     *
     * @return nothing if it holds other heads, or was trained otherwise; of the epochs the first and the best
     * @throws BadFileException if it is no file of heads
     */
    List<TrainedHead> finished(Path file, List<Integer> layers) throws IOException {
        try (Checkpoint heads = Safetensors.open(file)) {
            Map<String, String> found = heads.metadata();
            for (String key : List.of(ExitHeads.MODEL_FINGERPRINT, TRAINING)) {
                if (!metadata.get(key).equals(found.get(key))) return List.of();
            }
            List<TrainedHead> trained = new ArrayList<>();
            for (int layer : layers) {
                String figures = found.get("head." + layer);
                if (figures == null) return List.of();
                JsonNode json = RunFacts.parse(file, figures).json();
                EpochFigures before = FiguresJson.epoch(json.path("before"));
                EpochFigures after = FiguresJson.epoch(json.path("after"));
                trained.add(new TrainedHead(
                        layer, before.epoch() == after.epoch() ? List.of(after) : List.of(before, after), after));
            }
            return trained;
        }
    }

    /** Matrices as f16; vectors stay as they are. */
    private static Tensor stored(Tensor tensor) {
        if (tensor.shape().size() < 2) return tensor;
        float[] values = tensor.toFloats();
        ByteBuffer halves =
                ByteBuffer.allocate(Math.multiplyExact(2, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            short half = Float.floatToFloat16(value);
            if (!Float.isFinite(Float.float16ToFloat(half))) {
                throw new IllegalStateException("a weight of " + value + " is beyond f16; try a smaller learning rate");
            }
            halves.putShort(half);
        }
        return new Tensor(MemorySegment.ofArray(halves.array()), DType.F16, tensor.shape());
    }

    /** Writes the file, whole or not at all. */
    void write(Path file) throws IOException {
        SafetensorsWriter.write(file, tensors, metadata);
    }
}
