package sparrow.study.heads;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.models.SpokenModel;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.Resumption;

/**
 * Trains exit heads on a harvested store (SPAR-K: "Training an exit head"): layer after layer, with a checkpoint of each
 * in the folder that the heads will lie in. The same call goes on where one before it stopped.
 */
public final class HeadTraining {
    private final SpokenModel model;
    private final HarvestStore store;
    private final TrainingSettings settings;

    /**
     * @throws IllegalArgumentException in one line if the store was harvested from another model, or lacks a layer
     */
    public HeadTraining(SpokenModel model, HarvestStore store, TrainingSettings settings) {
        store.requireMadeWith(model);
        for (int layer : settings.layers()) {
            if (!store.layers().contains(layer)) {
                throw new IllegalArgumentException(
                        "layers: expected some of " + store.layers() + ", which the store holds, got " + layer);
            }
        }
        this.model = model;
        this.store = store;
        this.settings = settings;
    }

    /**
     * Trains all heads and writes {@code heads.safetensors}.
     *
     * @param out new or empty, or what this training left there when it was stopped or killed, at whatever moment
     * @param tool what calls itself the trainer, for the file
     * @param resumption what may have computed the earlier part
     * @throws IllegalArgumentException in one line if {@code out} holds something else
     * @throws ClosedByInterruptException if the thread was interrupted; {@code out} holds a checkpoint
     * @throws IllegalStateException if a loss is not a number
     * @throws IOException if a file cannot be read or written
     */
    public List<TrainedHead> into(Path out, String tool, Resumption resumption, TrainingListener listener)
            throws IOException {
        HeadFile file = HeadFile.ofHeads(model, store, settings, tool);
        TrainingFolder folder = new TrainingFolder(out, TrainingFolder.HEADS, checkpoints());
        SequencedMap<String, Integer> keys = new LinkedHashMap<>();
        for (int layer : settings.layers()) keys.put("head." + layer, layer);
        if (folder.begin()) return file.finished(folder, keys, listener);
        List<TrainedHead> trained = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            OutputRows output = output(arena);
            for (int layer : settings.layers()) {
                LayerTraining training = new LayerTraining(store, settings, layer, output);
                TrainingCheckpoint checkpoint = new TrainingCheckpoint(
                        folder.checkpoint(trained.size()),
                        settings.with(store, layer, ModelSettings.arithmetic(model)),
                        resumption);
                trained.add(run(training, layer, checkpoint, listener));
                file.computedBy(checkpoint.arithmetics());
                file.add("head." + layer, trained.getLast(), training.head().tensors(), output.tokens());
            }
        }
        file.write(folder.file());
        folder.deleteCheckpoints();
        return trained;
    }

    /** The same, with {@link Resumption#ALIKE}. */
    public List<TrainedHead> into(Path out, String tool, TrainingListener listener) throws IOException {
        return into(out, tool, Resumption.ALIKE, listener);
    }

    private List<String> checkpoints() {
        return settings.layers().stream()
                .map(layer -> "training." + layer + ".safetensors")
                .toList();
    }

    private TrainedHead run(LayerTraining training, int layer, TrainingCheckpoint checkpoint, TrainingListener listener)
            throws IOException {
        return new TrainingRun(
                        training,
                        settings.course(),
                        layer,
                        checkpoint,
                        model.languageModel().transformer().kernels().pool(),
                        listener)
                .run();
    }

    private OutputRows output(Arena arena) {
        LanguageModel languageModel = model.languageModel();
        return switch (settings.vocabulary()) {
            case FULL -> OutputRows.all(languageModel);
            case SPEECH -> {
                BitSet tokens = languageModel.tokens().allowedInSpeech();
                yield OutputRows.of(languageModel, tokens, arena);
            }
        };
    }
}
