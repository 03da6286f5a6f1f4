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

/** A harvested store, opened for reading: memory-mapped, with every byte and every number checked. */
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

    /** The layers, without L, whose hidden states it holds. */
    public List<Integer> layers() {
        return metadata().layers();
    }

    /** In the order of their prompts. */
    public List<StoredReply> replies() {
        return replies;
    }

    /** The number of replies. */
    public int size() {
        return replies.size();
    }

    /** Bytes of the files of its batches. */
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

    /** A SHA-256 over all batches, which differs between stores of different replies. */
    public String digest() {
        String all = String.join("\n", index.digests().values());
        return FileDigest.sha256(all.getBytes(StandardCharsets.UTF_8));
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
     * Refuses a store without the states after the last layer.
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
