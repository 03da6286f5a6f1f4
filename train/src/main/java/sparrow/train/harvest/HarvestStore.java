package sparrow.train.harvest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.models.SpokenModel;
import sparrow.models.family.FrameHeads;
import sparrow.study.folder.FileDigest;

/** A harvested store opened for reading. It is memory-mapped, and every byte and every number is checked. */
public final class HarvestStore implements AutoCloseable {
    private final StoreIndex index;
    private final List<HarvestBatch> batches;
    private final List<StoredReply> replies;

    private HarvestStore(StoreIndex index, List<HarvestBatch> batches) {
        this.index = index;
        this.batches = batches;
        this.replies =
                batches.stream().flatMap(batch -> batch.replies().stream()).toList();
    }

    /**
     * Opens a store with its existing batches.
     *
     * @throws BadFileException if the folder is not a store, contains no reply or is damaged, or if a file contains
     *     anything that a harvest does not write; the message is one line that contains the file, the tensor and the
     *     position
     * @throws IOException if a file cannot be read
     */
    public static HarvestStore open(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve(StoreIndex.NAME))) {
            throw new BadFileException(folder, "expected a store with a file " + StoreIndex.NAME);
        }
        StoreIndex index = StoreIndex.read(folder);
        List<HarvestBatch> batches = new ArrayList<>();
        try {
            for (int batch : index.digests().keySet()) batches.add(index.open(batch));
            HarvestStore store = new HarvestStore(index, batches);
            if (store.size() == 0) throw new BadFileException(folder, "expected one reply or more, found none");
            return store;
        } catch (IOException | RuntimeException e) {
            batches.forEach(HarvestBatch::close);
            throw e;
        }
    }

    public Path folder() {
        return index.store();
    }

    public StoreMetadata metadata() {
        return index.metadata();
    }

    /** Returns the layers below L whose hidden states the store contains. */
    public List<Integer> layers() {
        return metadata().layers();
    }

    /** Returns the replies in prompt order. */
    public List<StoredReply> replies() {
        return replies;
    }

    /** Returns the number of replies. */
    public int size() {
        return replies.size();
    }

    /** Returns the total size of the batch files in bytes. */
    public long bytes() {
        return batches.stream().mapToLong(HarvestBatch::bytes).sum();
    }

    /** Returns the number of positions that were expected to decide a unit of this modality. */
    public long positions(Modality modality) {
        long count = 0;
        for (StoredReply reply : replies) {
            for (int at = 0; at < reply.positions(); at++) if (reply.modality(at) == modality) count++;
        }
        return count;
    }

    /** Returns a SHA-256 digest of all batches. The digest differs between stores with different replies. */
    public String digest() {
        String all = String.join("\n", index.digests().values());
        return FileDigest.sha256(all.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Checks that the store was created with a model.
     *
     * @throws BadFileException if it was created with a different model
     */
    public void requireMadeWith(SpokenModel model) {
        String own = ModelFingerprint.of(model.languageModel().transformer()).toString();
        if (!metadata().fingerprint().equals(own)) {
            throw new BadFileException(
                    folder().resolve(StoreIndex.NAME),
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

    private void requireSame(String key, int found, int expected) {
        if (found != expected) {
            throw new BadFileException(
                    folder().resolve(StoreIndex.NAME), key, "expected the model's " + expected + ", found " + found);
        }
    }

    /**
     * Checks that the store contains the states after the last layer.
     *
     * @throws BadFileException if it contains only the likeliest tokens
     */
    public void requireLastLayer() {
        if (metadata().targets().areExact()) return;
        throw new BadFileException(
                folder().resolve(StoreIndex.NAME),
                "targets",
                "expected exact, which keeps the states after the last layer, found "
                        + metadata().targets());
    }

    @Override
    public void close() {
        batches.forEach(HarvestBatch::close);
    }
}
