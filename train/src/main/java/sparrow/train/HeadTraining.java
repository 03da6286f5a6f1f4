package sparrow.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.formats.BadFileException;
import sparrow.models.SpokenModel;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;
import sparrow.study.run.Job;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;
import sparrow.tensor.Tensor;
import sparrow.train.HeadFile.LayerHead;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;

/**
 * Trains exit heads on a harvested store (SPAR-K, section 4.2.2, Eq. 2), one layer after another. Each layer has a
 * checkpoint in the output folder, so a repeated call resumes the interrupted training.
 *
 * <p>Layers do not depend on each other. Other processes with access to the same folders may {@linkplain #layer train}
 * them, and one process {@linkplain #join joins} the results.
 */
public final class HeadTraining {
    private final SpokenModel model;
    private final HarvestStore store;
    private final TrainingSettings settings;

    /**
     * @throws IllegalArgumentException if the store was harvested from a different model or lacks a layer; the message
     *     is one line
     */
    public HeadTraining(SpokenModel model, HarvestStore store, TrainingSettings settings) {
        store.requireMadeWith(model);
        for (int layer : settings.layers()) {
            if (!store.layers().contains(layer)) {
                throw new IllegalArgumentException(
                        "layers: expected some of " + store.layers() + ", which the store contains, got " + layer);
            }
        }
        if (settings.vocabulary() == HeadVocabulary.SPEECH) model.requireTokenSpeech();
        if (settings.vocabulary() == HeadVocabulary.FRAMES && model.frameHeads().isEmpty()) {
            throw new IllegalArgumentException(
                    model.name() + ": expected a model whose speech is frames, got one of tokens");
        }
        if (settings.vocabulary() == HeadVocabulary.FRAMES
                && settings.frameTarget() == TrainingSettings.FrameTarget.CODES
                && !model.frameHeads().orElseThrow().predictsOneByOne()) {
            throw new IllegalArgumentException(
                    model.name()
                            + ": expected --set frame-target=inputs, because the codes of its frames are not predicted one by one");
        }
        this.model = model;
        this.store = store;
        this.settings = settings;
    }

    /**
     * Trains all heads and writes {@code heads.safetensors}, or {@code frame-heads.safetensors} for frame heads.
     *
     * @param out folder that is new, empty, or contains the files of this training after it was stopped or killed at
     *     any time
     * @param tool name of the trainer, which is written to the file
     * @param mixedNumerics rule for resuming with different numerics
     * @throws IllegalArgumentException if {@code out} contains other files; the message is one line
     * @throws ClosedByInterruptException if the thread was interrupted; in this case, {@code out} contains a checkpoint
     * @throws IllegalStateException if a loss is not a number
     * @throws IOException if a file cannot be read or written
     */
    public List<TrainedHead> into(Path out, String tool, MixedNumerics mixedNumerics, TrainingListener listener)
            throws IOException {
        if (begin(out, mixedNumerics)) {
            List<TrainedHead> trained = join(out, tool);
            for (TrainedHead head : trained) notifyListener(listener, head);
            return trained;
        }
        for (int layer : settings.layers()) layer(out, layer, mixedNumerics, listener);
        return join(out, tool);
    }

    /**
     * Trains bit-identical heads with workers that have access to the store and {@code out}. Each worker trains one
     * layer at a time, and the listener is notified when a layer is complete.
     *
     * @throws IllegalArgumentException if {@code out} contains other files or workers have no access to it; the message
     *     is one line
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; in this case, {@code out} contains
     *     checkpoints
     * @throws IOException if a file cannot be read or written, or if the training of a layer was abandoned
     */
    public List<TrainedHead> into(
            Path out, String tool, WorkerPool workers, MixedNumerics mixedNumerics, TrainingListener listener)
            throws IOException {
        if (!begin(out, mixedNumerics)) train(out, workers, mixedNumerics, listener);
        return join(out, tool);
    }

    private void train(Path out, WorkerPool workers, MixedNumerics mixedNumerics, TrainingListener listener)
            throws IOException {
        LayerJob job = new LayerJob(
                settings,
                store.folder().toAbsolutePath().toString(),
                out.toAbsolutePath().toString(),
                TrainingFolder.prove(out),
                mixedNumerics);
        List<String> lost = new ArrayList<>();
        workers.run(job, WorkerPool.Tasks.of(settings.layers()), new WorkerPool.Sink<Integer, TrainedHead>() {
            @Override
            public void found(Integer layer, TrainedHead head) {
                notifyListener(listener, head);
            }

            @Override
            public void lost(Integer layer, String reason) {
                lost.add("layer " + layer + ": " + reason);
            }
        });
        if (lost.isEmpty()) return;
        throw new IOException("not trained: " + String.join("; ", lost) + "; repeat the command to try again");
    }

    /**
     * Prepares the folder before any layer is trained in it. This method must be called by one process while no other
     * process uses the folder.
     *
     * @param out folder as for {@link #into(Path, String, MixedNumerics, TrainingListener)}
     * @param mixedNumerics rule for resuming with different numerics
     * @return whether nothing remains to be trained, so that {@link #join} returns the heads
     * @throws IllegalArgumentException if {@code out} contains other files or a layer that was trained with different
     *     settings; the message is one line
     * @throws IOException if the folder cannot be read or created
     */
    public boolean begin(Path out, MixedNumerics mixedNumerics) throws IOException {
        TrainingFolder folder = folder(out);
        boolean finished = folder.begin();
        if (!finished) for (int layer : settings.layers()) check(folder, layer, mixedNumerics);
        return finished;
    }

    /** Checks the settings of existing files, so that an error is reported before an hour is spent on another layer. */
    private void check(TrainingFolder folder, int layer, MixedNumerics mixedNumerics) throws IOException {
        RunManifest requested = settings.with(store, layer, model.numerics());
        TrainingCheckpoint checkpoint = new TrainingCheckpoint(folder.checkpoint(layer), requested, mixedNumerics);
        if (Files.exists(folder.head(layer)))
            LayerHead.open(folder.head(layer), requested, mixedNumerics).close();
        else if (checkpoint.exists()) checkpoint.check();
    }

    /**
     * Trains the head of one layer and writes {@code head.LAYER.safetensors}, or {@code frame.LAYER.safetensors} for
     * frame heads. Training resumes from a checkpoint if there is one and is skipped if the head exists. Several
     * processes may train layers in one folder at the same time, even the same layer, because all of them write the
     * same bytes.
     *
     * @param out folder that was {@linkplain #begin(Path, MixedNumerics) prepared}
     * @param layer layer of the settings
     * @param mixedNumerics rule for resuming with different numerics
     * @throws IllegalArgumentException if the settings do not contain the layer, or if it was trained here with
     *     different settings; the message is one line
     * @throws ClosedByInterruptException if the thread was interrupted; in this case, {@code out} contains a checkpoint
     * @throws IllegalStateException if a loss is not a number
     * @throws IOException if a file cannot be read or written
     */
    public TrainedHead layer(Path out, int layer, MixedNumerics mixedNumerics, TrainingListener listener)
            throws IOException {
        if (!settings.layers().contains(layer)) {
            throw new IllegalArgumentException("layer: expected one of " + settings.layers() + ", got " + layer);
        }
        TrainingFolder folder = folder(out);
        RunManifest requested = settings.with(store, layer, model.numerics());
        if (!Files.exists(folder.head(layer))) {
            return train(
                    layer,
                    folder,
                    new TrainingCheckpoint(folder.checkpoint(layer), requested, mixedNumerics),
                    listener);
        }
        try (LayerHead head = LayerHead.open(folder.head(layer), requested, mixedNumerics)) {
            notifyListener(listener, head.trained());
            return head.trained();
        }
    }

    /**
     * Writes the file that contains the heads of all layers and deletes the files of single layers.
     *
     * @param out folder in which each layer was trained
     * @param tool name of the trainer, which is written to the file
     * @throws IllegalArgumentException if a layer's head is missing or was trained with different settings; the message
     *     is one line
     * @throws IOException if a file cannot be read or written
     */
    public List<TrainedHead> join(Path out, String tool) throws IOException {
        HeadFile file = HeadFile.ofHeads(model, store, settings, tool);
        TrainingFolder folder = folder(out);
        if (Files.exists(folder.file())) return file.finished(folder, keys(), TrainingListener.NONE);
        List<TrainedHead> trained = new ArrayList<>();
        List<LayerHead> heads = new ArrayList<>();
        try {
            for (int layer : settings.layers()) {
                LayerHead head = head(folder, layer);
                heads.add(head);
                trained.add(head.trained());
                file.computedBy(head.manifest(), folder.head(layer));
                file.add(key(layer), head.trained(), head.tensors());
            }
            file.write(folder.file());
        } finally {
            heads.forEach(LayerHead::close);
        }
        folder.deleteOthers();
        return trained;
    }

    /** Opens an existing head, which another process may have computed. */
    private LayerHead head(TrainingFolder folder, int layer) throws IOException {
        Path head = folder.head(layer);
        if (!Files.exists(head)) throw new BadFileException(head, "no such file; the layer must be trained first");
        return LayerHead.open(head, settings.with(store, layer, null), MixedNumerics.REFUSED);
    }

    private TrainingFolder folder(Path out) {
        return TrainingFolder.ofHeads(out, settings.key(), settings.layers());
    }

    private SequencedMap<String, Integer> keys() {
        SequencedMap<String, Integer> keys = new LinkedHashMap<>();
        for (int layer : settings.layers()) keys.put(key(layer), layer);
        return keys;
    }

    private String key(int layer) {
        return settings.key() + layer;
    }

    private static void notifyListener(TrainingListener listener, TrainedHead head) {
        head.epochs().forEach(epoch -> listener.epoch(head.layer(), epoch));
    }

    private TrainedHead train(
            int layer, TrainingFolder folder, TrainingCheckpoint checkpoint, TrainingListener listener)
            throws IOException {
        try (Arena arena = Arena.ofShared()) {
            OutputRows output = output(arena);
            LayerObjective training = new LayerObjective(store, settings, layer, output, loss(output));
            TrainedHead trained = run(training, layer, checkpoint, listener);
            Map<String, Tensor> tensors =
                    HeadFile.tensors(key(layer), training.head().tensors(), output.tokens());
            LayerHead.write(folder.head(layer), checkpoint.manifest(), trained, tensors);
            return trained;
        }
    }

    private TrainedHead run(
            LayerObjective training, int layer, TrainingCheckpoint checkpoint, TrainingListener listener)
            throws IOException {
        return new TrainingRun(
                        training,
                        settings.hyperparameters(),
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
            case FRAMES ->
                OutputRows.ofFrames(
                        languageModel, model.frameHeads().orElseThrow().front());
        };
    }

    private HeadLoss loss(OutputRows output) {
        return switch (settings.vocabulary()) {
            case FULL, SPEECH -> new VocabularyLoss(store.metadata(), output);
            case FRAMES -> new FrameLoss(store.metadata(), model, settings.frameTarget());
        };
    }

    /**
     * Trains the heads of layers in folders to which every worker has access, because stores and heads are too large to
     * be sent.
     *
     * @param training settings of the heads
     * @param store folder of the harvest
     * @param out folder that was {@linkplain HeadTraining#begin prepared}
     * @param proof content of a file in {@code out} ({@link TrainingFolder})
     */
    record LayerJob(TrainingSettings training, String store, String out, String proof, MixedNumerics mixedNumerics)
            implements Job<Integer, TrainedHead> {
        @Override
        public Worker<Integer, TrainedHead> open(SpokenModel model) throws IOException {
            TrainingFolder.requireProof(Path.of(out), proof);
            HarvestStore harvest = HarvestStore.open(Path.of(store));
            try {
                return new Training(harvest, new HeadTraining(model, harvest, training), Path.of(out), mixedNumerics);
            } catch (RuntimeException e) {
                harvest.close();
                throw e;
            }
        }

        private record Training(HarvestStore harvest, HeadTraining training, Path out, MixedNumerics mixedNumerics)
                implements Worker<Integer, TrainedHead> {
            @Override
            public void perform(Integer layer, WorkerPool.Sink<Integer, TrainedHead> sink) throws IOException {
                try {
                    sink.found(layer, training.layer(out, layer, mixedNumerics, TrainingListener.NONE));
                } catch (ClosedByInterruptException e) {
                    throw new RunStoppedException();
                }
                sink.finished(layer);
            }

            @Override
            public void close() {
                harvest.close();
            }
        }
    }
}
