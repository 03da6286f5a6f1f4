package sparrow.train.harvest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.BadFileException;
import sparrow.models.SpokenModel;
import sparrow.models.family.FrameHeads;

/** A harvested store, to be read: memory-mapped, every byte and every number checked when it is opened. */
public final class HarvestStore implements AutoCloseable {
    private final Path folder;
    private final StoreIndex index;
    private final List<HarvestBatch> batches;
    private final List<StoredReply> replies;

    private HarvestStore(Path folder, StoreIndex index, List<HarvestBatch> batches) {
        this.folder = folder;
        this.index = index;
        this.batches = batches;
        this.replies =
                batches.stream().flatMap(batch -> batch.replies().stream()).toList();
    }

    /**
     * Opens a store: the batches that are there.
     *
     * @throws BadFileException if the folder is no store, holds no reply, or is damaged, or if a file holds what no harvest
     *     writes: in one line that names file, tensor and position
     * @throws IOException if it cannot be read
     */
    public static HarvestStore open(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve(StoreIndex.NAME))) {
            throw new BadFileException(folder, "expected a store with a file " + StoreIndex.NAME);
        }
        StoreIndex index = StoreIndex.read(folder);
        List<HarvestBatch> batches = new ArrayList<>();
        try {
            for (int batch : index.batches()) batches.add(index.open(batch));
            HarvestStore store = new HarvestStore(folder, index, batches);
            if (store.size() == 0) throw new BadFileException(folder, "expected one reply or more, found none");
            return store;
        } catch (IOException | RuntimeException e) {
            batches.forEach(HarvestBatch::close);
            throw e;
        }
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** The layers, without L, whose hidden states it holds. */
    public List<Integer> layers() {
        return metadata().layers();
    }

    /** Tells if it holds the states after layer L, too: those are its exact targets. */
    public boolean hasLastLayer() {
        return metadata().targets() instanceof Targets.Exact;
    }

    /** Tells if its speech is frames. */
    public boolean hasFrames() {
        return metadata().codebooks() > 0;
    }

    /** Replies that it holds. */
    public int size() {
        return replies.size();
    }

    /** Bytes of its tensors. */
    public long bytes() {
        return batches.stream().mapToLong(HarvestBatch::bytes).sum();
    }

    /** Positions that were expected to decide a unit of this modality. */
    public long positions(Modality modality) {
        long count = 0;
        for (StoredReply reply : replies) {
            for (int at = 0; at < reply.positions(); at++) if (reply.modality(at) == modality) count++;
        }
        return count;
    }

    public StoreMetadata metadata() {
        return index.metadata();
    }

    /** In the order of their prompts. */
    public List<StoredReply> replies() {
        return replies;
    }

    /** Changes with every reply. */
    public String digest() {
        return index.digest();
    }

    /**
     * Refuses a model that the store was not made with.
     *
     * @throws BadFileException if it is another one
     */
    public void requireMadeWith(SpokenModel model) {
        String own = ModelFingerprint.of(model.languageModel().transformer()).toString();
        if (!metadata().fingerprint().equals(own)) {
            throw new BadFileException(
                    folder.resolve(StoreIndex.NAME),
                    "model_fingerprint",
                    "found " + metadata().fingerprint() + ", but " + model.name() + " has " + own
                            + ": harvested from another model");
        }
        TransformerConfig config = model.languageModel().transformer().config();
        requireSame("model_layers", metadata().modelLayers(), config.layers());
        requireSame("width", metadata().width(), config.width());
        requireSame("vocabulary", metadata().vocabulary(), config.vocabulary());
        Optional<FrameHeads> frames = model.frameHeads();
        requireSame(
                "codebooks",
                metadata().codebooks(),
                frames.map(FrameHeads::codebooks).orElse(0));
        requireSame("codes", metadata().codes(), frames.map(FrameHeads::codes).orElse(0));
    }

    /**
     * Refuses a store without the states after the last layer.
     *
     * @throws BadFileException if it keeps the likeliest tokens alone
     */
    public void requireLastLayer() {
        if (hasLastLayer()) return;
        throw new BadFileException(
                folder.resolve(StoreIndex.NAME),
                "targets",
                "expected exact, which keeps the states after the last layer, found "
                        + metadata().targets());
    }

    private void requireSame(String key, int found, int expected) {
        if (found != expected) {
            throw new BadFileException(
                    folder.resolve(StoreIndex.NAME), key, "expected the model's " + expected + ", found " + found);
        }
    }

    @Override
    public void close() {
        batches.forEach(HarvestBatch::close);
    }
}
