package sparrow.train.harvest;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * A memory-mapped safetensors file of replies. It contains the tensors of {@link StoreMetadata} for all positions, and
 * the tensors {@code prompts} [R], {@code prompt_keys} [R] and {@code lengths} [R] for the R replies in prompt order. A
 * length is a number of positions.
 *
 * @param bytes file size in bytes
 * @param replies replies in prompt order
 */
record HarvestBatch(Checkpoint file, long bytes, List<StoredReply> replies) implements AutoCloseable {
    private static final String PROMPTS = "prompts";
    private static final String KEYS = "prompt_keys";
    private static final String LENGTHS = "lengths";

    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Opens a file and checks every number in it.
     *
     * @param first smallest permitted prompt number
     * @param last largest permitted prompt number
     * @throws BadFileException if the file contains anything that a harvest does not write; the message contains the
     *     file, the tensor and the position
     * @throws IOException if the file cannot be read
     */
    static HarvestBatch open(Path path, StoreMetadata store, long first, long last) throws IOException {
        Checkpoint file = Safetensors.open(path);
        try {
            return new HarvestBatch(file, Files.size(path), replies(file, store, first, last));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static List<StoredReply> replies(Checkpoint file, StoreMetadata store, long first, long last) {
        List<Integer> shape = required(file, LENGTHS).shape();
        List<Integer> count = List.of(shape.isEmpty() ? 0 : shape.getFirst());
        int[] lengths =
                required(file, new TensorDescription(LENGTHS, DType.I32, count)).toInts();
        int[] numbers =
                required(file, new TensorDescription(PROMPTS, DType.I32, count)).toInts();
        Tensor keys = required(file, new TensorDescription(KEYS, DType.I64, count));
        long positions = 0;
        for (int i = 0; i < lengths.length; i++) {
            long least = i == 0 ? first : numbers[i - 1] + 1L;
            if (numbers[i] < least || numbers[i] > last) {
                throw wrong(file, PROMPTS, i, "a number from " + least + " to " + last, numbers[i]);
            }
            positions += lengths[i];
            if (lengths[i] < 1 || positions > Integer.MAX_VALUE) {
                throw wrong(file, LENGTHS, i, "1 position or more, 2^31-1 in all", lengths[i]);
            }
        }
        HarvestRows rows = HarvestRows.of(store, (int) positions, tensor -> required(file, tensor));
        new RowCheck(file.source(), store, rows).run();
        List<StoredReply> replies = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < lengths.length; i++) {
            long key = keys.data().get(I64, 8L * i);
            replies.add(new StoredReply(rows, numbers[i], key, from, lengths[i]));
            from += lengths[i];
        }
        return List.copyOf(replies);
    }

    private static Tensor required(Checkpoint file, TensorDescription expected) {
        Tensor found = required(file, expected.name());
        if (found.dtype() == expected.dtype() && found.shape().equals(expected.shape())) return found;
        throw new BadFileException(
                file.source(),
                "tensor " + expected.name(),
                "expected " + expected.dtype() + " " + expected.shape() + ", found " + found.dtype() + " "
                        + found.shape());
    }

    private static Tensor required(Checkpoint file, String name) {
        if (file.has(name)) return file.tensor(name);
        throw new BadFileException(file.source(), "tensor " + name, "expected one of this name, found none");
    }

    private static BadFileException wrong(Checkpoint file, String tensor, int reply, String expected, int found) {
        return new BadFileException(
                file.source(), "tensor " + tensor + ": reply " + reply, "expected " + expected + ", found " + found);
    }

    /** Writes a batch's replies to a file atomically. */
    static void write(Path path, StoreMetadata store, List<StoredReply> replies) throws IOException {
        int count = replies.size();
        Map<String, Tensor> ofReplies = new LinkedHashMap<>();
        ofReplies.put(PROMPTS, Tensor.of(ints(replies, StoredReply::number), count));
        ofReplies.put(
                KEYS, Tensor.of(replies.stream().mapToLong(StoredReply::key).toArray(), count));
        ofReplies.put(LENGTHS, Tensor.of(ints(replies, StoredReply::positions), count));
        int positions = replies.stream().mapToInt(StoredReply::positions).reduce(0, Math::addExact);
        List<TensorDescription> tensors = new ArrayList<>(store.tensors(positions));
        ofReplies.forEach((name, tensor) -> tensors.add(new TensorDescription(name, tensor.dtype(), tensor.shape())));
        SafetensorsWriter.write(path, tensors, Map.of(), (tensor, to) -> {
            Tensor whole = ofReplies.get(tensor.name());
            if (whole != null) TensorContents.write(whole, to);
            else for (StoredReply reply : replies) TensorContents.write(reply.part(tensor.name()), to);
        });
    }

    private static int[] ints(List<StoredReply> replies, ToIntFunction<StoredReply> number) {
        return replies.stream().mapToInt(number).toArray();
    }

    /** Returns the number of positions of all replies. */
    long positions() {
        return replies.stream().mapToLong(StoredReply::positions).sum();
    }

    @Override
    public void close() {
        file.close();
    }
}
