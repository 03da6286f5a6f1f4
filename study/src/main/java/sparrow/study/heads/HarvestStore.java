package sparrow.study.heads;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.engine.weights.BadFileException;
import sparrow.models.SpokenModel;

/** A harvested store, to be read: memory-mapped, every byte checked when it is opened. */
public final class HarvestStore implements AutoCloseable {
    static final String FACTS = "store.json";
    private static final String RECORDS = "records.bin";

    private final Path folder;
    private final Arena arena;
    private final StoreFacts facts;
    private final List<StoredReply> replies;

    private HarvestStore(Path folder, Arena arena, StoreFacts facts, List<StoredReply> replies) {
        this.folder = folder;
        this.arena = arena;
        this.facts = facts;
        this.replies = replies;
    }

    /**
     * Opens a store: the batches that are there. In a store of the first format, a last record that was not finished is
     * left out.
     *
     * @throws BadFileException if the folder is no store, holds no reply, or is damaged
     * @throws IOException if it cannot be read
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the store; close() ends it
    public static HarvestStore open(Path folder) throws IOException {
        Path file = folder.resolve(FACTS);
        if (!Files.isRegularFile(file)) throw new BadFileException(folder, "expected a store with a file " + FACTS);
        StoreFacts facts = StoreFacts.read(file);
        Arena arena = Arena.ofShared();
        try {
            List<StoredReply> replies = switch (facts.format()) {
                case ONE_FILE -> ofOneFile(folder.resolve(RECORDS), facts, arena);
                case FILE_OF_A_BATCH -> ofBatches(RecordFiles.of(folder, facts), arena);
            };
            return new HarvestStore(folder, arena, facts, replies);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static List<StoredReply> ofOneFile(Path records, StoreFacts facts, Arena arena) throws IOException {
        if (!Files.isRegularFile(records)) throw new BadFileException(records, "no such file");
        List<StoredReply> replies = RecordScan.grown(records, RecordFiles.map(records, arena), facts.layout());
        RecordCheck.check(records, replies, facts.vocabulary());
        return requireSome(records, replies);
    }

    private static List<StoredReply> ofBatches(RecordFiles files, Arena arena) throws IOException {
        if (!Files.isDirectory(files.folder())) throw new BadFileException(files.folder(), "no such folder");
        List<StoredReply> replies = new ArrayList<>();
        for (int batch : files.list().keySet()) replies.addAll(files.read(batch, arena));
        return requireSome(files.folder(), replies);
    }

    private static List<StoredReply> requireSome(Path records, List<StoredReply> replies) {
        if (replies.isEmpty()) throw new BadFileException(records, "expected one reply or more, found none");
        return List.copyOf(replies);
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** The layers, without L, whose hidden states it holds. */
    public List<Integer> layers() {
        return facts.layers();
    }

    /** Whether it holds the states after layer L, too: those are its exact targets. */
    public boolean hasLastLayer() {
        return facts.targets() instanceof Targets.Exact;
    }

    /** Replies that it holds. */
    public int size() {
        return replies.size();
    }

    /** Bytes of its records. */
    public long bytes() {
        return replies.stream()
                .mapToLong(reply -> RecordHeader.BYTES + reply.header().bytes())
                .sum();
    }

    /** Positions that were expected to decide a token of this modality. */
    public long positions(Modality modality) {
        long count = 0;
        for (StoredReply reply : replies) {
            for (int at = 0; at < reply.positions(); at++) if (reply.modality(at) == modality) count++;
        }
        return count;
    }

    StoreFacts facts() {
        return facts;
    }

    List<StoredReply> replies() {
        return replies;
    }

    /** Changes with every record, and with nothing else: not with the format of the store. */
    String digest() {
        CRC32C sum = new CRC32C();
        for (StoredReply reply : replies) sum.update(reply.header().write());
        return "%08x-%d".formatted(sum.getValue(), replies.size());
    }

    /**
     * Refuses a model that the store was not made with.
     *
     * @throws BadFileException if it is another one
     */
    void requireMadeWith(SpokenModel model) {
        String own = ModelFingerprint.of(model.languageModel().transformer()).toString();
        if (!facts.fingerprint().equals(own)) {
            throw new BadFileException(
                    folder.resolve(FACTS),
                    "model_fingerprint",
                    "found " + facts.fingerprint() + ", but " + model.name() + " has " + own
                            + ": harvested from another model");
        }
        TransformerConfig config = model.languageModel().transformer().config();
        requireSame("model_layers", facts.modelLayers(), config.layers());
        requireSame("width", facts.width(), config.width());
        requireSame("vocabulary", facts.vocabulary(), config.vocabulary());
    }

    /**
     * Refuses a store without the states after the last layer.
     *
     * @throws BadFileException if it keeps the likeliest tokens alone
     */
    void requireLastLayer() {
        if (hasLastLayer()) return;
        throw new BadFileException(
                folder.resolve(FACTS),
                "targets",
                "expected exact, which keeps the states after the last layer, found " + facts.targets());
    }

    private void requireSame(String key, int found, int expected) {
        if (found != expected) {
            throw new BadFileException(
                    folder.resolve(FACTS), key, "expected the model's " + expected + ", found " + found);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
