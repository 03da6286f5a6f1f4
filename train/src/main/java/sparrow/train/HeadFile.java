package sparrow.train;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import sparrow.engine.head.DraftHead;
import sparrow.engine.head.ExitHeads;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.SpokenModel;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.train.DraftHeadTraining.DraftTrainingSettings;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainedHead.FiguresJson;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.harvest.HarvestStore;

/**
 * A file of trained heads in the format that {@link ExitHeads#read} or {@link DraftHead#read} reads. Matrices are
 * stored as f16. The metadata identifies the model and contains the training settings and results.
 */
final class HeadFile {
    private static final String TRAINING = "training";

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /** Arithmetics of all heads. */
    private final Set<String> arithmetics = new LinkedHashSet<>();

    private HeadFile(Map<String, String> about, SpokenModel model, HarvestStore store, JsonNode asked, String tool) {
        metadata.putAll(about);
        metadata.put(ExitHeads.MODEL_FINGERPRINT, store.metadata().fingerprint());
        metadata.put("model", model.name());
        metadata.put("trained_by", tool);
        metadata.put("replies", Integer.toString(store.size()));
        metadata.put("targets", store.metadata().targets().toString());
        metadata.put(TRAINING, asked.toString());
    }

    static HeadFile ofHeads(SpokenModel model, HarvestStore store, TrainingSettings settings, String tool) {
        String norm = Boolean.toString(settings.norm() == HeadNorm.FINAL);
        ObjectNode asked =
                settings.with(store, settings.layers().getFirst(), null).json().deepCopy();
        asked.remove("layer");
        return new HeadFile(Map.of(ExitHeads.APPLY_FINAL_NORM, norm), model, store, asked, tool);
    }

    static HeadFile ofDraftHead(SpokenModel model, HarvestStore store, DraftTrainingSettings settings, String tool) {
        String steps = Integer.toString(settings.steps());
        return new HeadFile(
                Map.of(DraftHead.TRAINED_STEPS, steps),
                model,
                store,
                settings.with(store, null).json(),
                tool);
    }

    /**
     * Records the numerics with which a head was computed.
     *
     * @param training manifest of the head's training
     * @param file file that contains the manifest, for the message
     */
    void computedBy(RunManifest training, Path file) {
        arithmetics.addAll(training.numerics(file));
    }

    /**
     * Returns the manifest that a file's metadata contains as a JSON object.
     *
     * @throws BadFileException if there is none
     */
    static RunManifest manifest(Checkpoint file, String key) {
        String text = file.metadata().get(key);
        if (text == null) throw new BadFileException(file.source(), "metadata " + key, "is missing");
        return RunManifest.parse(file.source(), text);
    }

    /**
     * Returns a head's tensors as they are stored in a file, with matrices as f16.
     *
     * @param key prefix of the tensor names
     * @param parts tensors by the remaining part of their names
     * @param tokens token ids of the rows, or null if the head predicts all tokens
     */
    static Map<String, Tensor> tensors(String key, Map<String, Tensor> parts, int[] tokens) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parts.forEach((part, tensor) -> tensors.put(key + "." + part, stored(tensor)));
        if (tokens != null) tensors.put(key + ".tokens", Tensor.of(tokens, tokens.length));
        return tensors;
    }

    /** Adds a head's tensors and the metrics of its training. */
    void add(String key, TrainedHead trained, Map<String, Tensor> ofHead) {
        tensors.putAll(ofHead);
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        figures.set("before", FiguresJson.of(trained.epochs().getFirst()));
        figures.set("after", FiguresJson.of(trained.best()));
        metadata.put(key, figures.toString());
    }

    /**
     * Returns the heads of a training that was killed after it wrote its result and before it deleted all other files.
     * Nothing remains to be trained.
     *
     * @param layers layer of each head, by key
     * @throws BadFileException if the folder contains a different result
     */
    List<TrainedHead> finished(TrainingFolder folder, SequencedMap<String, Integer> layers, TrainingListener listener)
            throws IOException {
        List<TrainedHead> trained = finished(folder.file(), layers);
        if (trained.isEmpty()) throw folder.holdsResult();
        for (TrainedHead head : trained) head.epochs().forEach(epoch -> listener.epoch(head.layer(), epoch));
        folder.deleteOthers();
        return trained;
    }

    /**
     * Returns the training results of the given heads in a file, or an empty list if the file contains different heads.
     * The results contain only the metrics of the first and the best epoch.
     */
    private List<TrainedHead> finished(Path file, SequencedMap<String, Integer> layers) throws IOException {
        try (Checkpoint heads = Safetensors.open(file)) {
            Map<String, String> found = heads.metadata();
            for (String key : List.of(ExitHeads.MODEL_FINGERPRINT, TRAINING)) {
                if (!metadata.get(key).equals(found.get(key))) return List.of();
            }
            List<TrainedHead> trained = new ArrayList<>();
            for (var layer : layers.entrySet()) {
                String figures = found.get(layer.getKey());
                if (figures == null) return List.of();
                JsonNode json = RunManifest.parse(file, figures).json();
                EpochFigures before = FiguresJson.epoch(json.path("before"));
                EpochFigures after = FiguresJson.epoch(json.path("after"));
                trained.add(new TrainedHead(
                        layer.getValue(),
                        before.epoch() == after.epoch() ? List.of(after) : List.of(before, after),
                        after));
            }
            return trained;
        }
    }

    /** Converts matrices to f16. Vectors are unchanged. */
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

    /** Writes the heads file atomically. */
    void write(Path file) throws IOException {
        if (!arithmetics.isEmpty()) metadata.put("arithmetic", String.join("; ", arithmetics));
        SafetensorsWriter.write(file, tensors, metadata);
    }

    /**
     * One layer's trained head in a separate file, which exists until the files of all layers are joined. The file
     * contains the head's tensors in their final form, the training settings and the training metrics.
     */
    static final class LayerHead implements AutoCloseable {
        private static final String ASKED = "asked";
        private static final String TRAINED = "trained";

        private final Checkpoint file;
        private final RunManifest facts;
        private final TrainedHead trained;

        private LayerHead(Checkpoint file, RunManifest facts, TrainedHead trained) {
            this.file = file;
            this.facts = facts;
            this.trained = trained;
        }

        /**
         * Writes a layer's head file atomically. Other processes may write the same file at the same time.
         *
         * @param asked training settings and the numerics with which the head was computed
         */
        static void write(Path file, RunManifest asked, TrainedHead trained, Map<String, Tensor> tensors)
                throws IOException {
            // The order is fixed, so that all writers write the same bytes.
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put(ASKED, asked.toString());
            metadata.put(TRAINED, FiguresJson.of(trained).toString());
            AtomicFile.writeConcurrently(file, SafetensorsWriter.content(tensors, metadata));
        }

        /**
         * Opens a file and maps its tensors to memory.
         *
         * @param asked settings with which the head must have been trained
         * @param mixedNumerics rule for a head whose numerics differ from {@code asked}
         * @throws BadFileException if the file has different settings or contains no head
         * @throws IOException if the file cannot be read
         */
        static LayerHead open(Path file, RunManifest asked, MixedNumerics mixedNumerics) throws IOException {
            Checkpoint opened = Safetensors.open(file);
            try {
                RunManifest facts = HeadFile.manifest(opened, ASKED);
                facts.resumed(file, asked, mixedNumerics);
                return new LayerHead(opened, facts, trained(opened));
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        }

        private static TrainedHead trained(Checkpoint file) {
            RunManifest figures = HeadFile.manifest(file, TRAINED);
            try {
                return FiguresJson.trainedHead(figures.json());
            } catch (IllegalArgumentException e) {
                throw new BadFileException(file.source(), "metadata " + TRAINED, e.getMessage());
            }
        }

        TrainedHead trained() {
            return trained;
        }

        /** Returns the settings and the numerics with which the head was trained. */
        RunManifest manifest() {
            return facts;
        }

        /** Returns the tensors by full name, in file order. The tensors must not be used after {@link #close()}. */
        Map<String, Tensor> tensors() {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : file.names()) tensors.put(name, file.tensor(name));
            return tensors;
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
