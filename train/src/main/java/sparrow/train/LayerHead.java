package sparrow.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import sparrow.formats.weights.AtomicFile;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.study.run.MixedNumerics;
import sparrow.study.run.RunManifest;
import sparrow.tensor.Tensor;

/**
 * The trained head of one layer in a file of its own, until those of all layers are joined: its tensors as they will lie in
 * that file, what it was asked for and how training went.
 */
final class LayerHead implements AutoCloseable {
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
     * Writes the file, whole or not at all; others may be writing the same.
     *
     * @param asked settings of the training, and the numerics that computed it
     */
    static void write(Path file, RunManifest asked, TrainedHead trained, Map<String, Tensor> tensors)
            throws IOException {
        // In one order, so that all who write it write the same bytes.
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(ASKED, asked.toString());
        metadata.put(TRAINED, FiguresJson.of(trained).toString());
        AtomicFile.writeConcurrently(file, SafetensorsWriter.content(tensors, metadata));
    }

    /**
     * Opens a file; its tensors are mapped.
     *
     * @param asked settings that it has to have been made with
     * @param mixedNumerics rule for a head of other numerics than those of {@code asked}
     * @throws BadFileException if its settings are others, or holds no head
     * @throws IOException if it cannot be read
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

    /** The settings that it was made with, and the numerics that computed it. */
    RunManifest manifest() {
        return facts;
    }

    /** By full name, in the order of the file; not to be touched after {@link #close()}. */
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
