package sparrow.study.heads;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.weights.BadFileException;
import sparrow.models.SpokenModel;

/**
 * Trains exit heads on a harvested store (SPAR-K: "Training an exit head"): layer after layer, with a checkpoint of each
 * in the folder that the heads will lie in. The same call goes on where one before it stopped.
 */
public final class HeadTraining {
    private static final String HEADS = "heads.safetensors";

    /** What a training leaves that was killed: checkpoints, and parts of files that were being written. */
    private static final String UNFINISHED = "training\\.\\d+\\.safetensors(\\.part)?|heads\\.safetensors\\.part";

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
     * @throws IllegalArgumentException in one line if {@code out} holds something else
     * @throws ClosedByInterruptException if the thread was interrupted; {@code out} holds a checkpoint
     * @throws IllegalStateException if a loss is not a number
     * @throws IOException if a file cannot be read or written
     */
    public List<TrainedHead> into(Path out, String tool, TrainingListener listener) throws IOException {
        HeadFile file = new HeadFile(model, store, settings, tool);
        if (requireFree(out)) return finished(out, file, listener);
        Files.createDirectories(out);
        List<TrainedHead> trained = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            OutputRows output = output(arena);
            for (int layer : settings.layers()) {
                TrainingState state =
                        new LayerTraining(store, settings, layer, output, checkpoint(out, layer), listener).run();
                trained.add(new TrainedHead(layer, state.epochs, state.bestEpoch()));
                file.add(trained.getLast(), state.head, output);
            }
        }
        file.write(out.resolve(HEADS));
        deleteCheckpoints(out);
        return trained;
    }

    /** Of a training that was killed between its heads and the last of its checkpoints: nothing is left to train. */
    private List<TrainedHead> finished(Path out, HeadFile file, TrainingListener listener) throws IOException {
        List<TrainedHead> trained = file.finished(out.resolve(HEADS), settings.layers());
        if (trained.isEmpty()) throw holdsHeads(out);
        for (TrainedHead head : trained) head.epochs().forEach(epoch -> listener.epoch(head.layer(), epoch));
        deleteCheckpoints(out);
        return trained;
    }

    private void deleteCheckpoints(Path out) throws IOException {
        for (int layer : settings.layers()) Files.deleteIfExists(checkpoint(out, layer));
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

    private static Path checkpoint(Path out, int layer) {
        return out.resolve("training." + layer + ".safetensors");
    }

    /** Whether the heads are there, and checkpoints of this training still beside them. */
    private boolean requireFree(Path out) throws IOException {
        if (Files.isRegularFile(out)) throw new BadFileException(out, "expected a folder, found a file");
        if (!Files.isDirectory(out)) return false;
        if (Files.exists(out.resolve(HEADS))) {
            if (settings.layers().stream().anyMatch(layer -> Files.exists(checkpoint(out, layer)))) return true;
            throw holdsHeads(out);
        }
        try (Stream<Path> files = Files.list(out)) {
            boolean free = files.allMatch(file -> file.getFileName().toString().matches(UNFINISHED));
            if (!free) throw new BadFileException(out, "expected a new or empty folder, or one with checkpoints");
        }
        return false;
    }

    private static BadFileException holdsHeads(Path out) {
        return new BadFileException(out, "holds trained heads already; choose another --out");
    }
}
