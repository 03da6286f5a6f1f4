package sparrow.app.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.engine.transformer.Transformer;
import sparrow.models.SpokenModel;

/**
 * An upper estimate of the memory that a cluster worker requires in addition to its heap if container limits are
 * enforced. Packed weights and audio data are stored outside the heap.
 *
 * @param weights bytes of the language model's packed weights
 * @param audio bytes of the speech encoder and decoder, which take as much memory as their files
 * @param keysAndValues bytes of the keys and values of a batch
 * @param rest bytes of the JVM, buffers and audio data
 */
record WorkerMemory(long weights, long audio, long keysAndValues, long rest) {
    /** Default number of questions that a study answers in one batch. */
    private static final int BATCH = 16;

    /** Number of positions that a half-minute question and a reply of a study's maximum default length occupy. */
    private static final int POSITIONS = 2500;

    static WorkerMemory of(SpokenModel model) throws IOException {
        Transformer transformer = model.languageModel().transformer();
        long weights = transformer.output().bytes();
        for (int layer = 1; layer <= transformer.config().layers(); layer++) weights += transformer.layerBytes(layer);
        weights += size(model.files().heads()) + size(model.files().frameHeads());
        long positions = Math.min(POSITIONS, transformer.config().contextLength());
        return new WorkerMemory(
                weights,
                size(model.files().speechEncoder()) + size(model.files().speechDecoder()),
                BATCH * positions * transformer.kvBytesPerPosition(),
                1L << 30);
    }

    private static long size(Optional<Path> place) throws IOException {
        if (place.isEmpty()) return 0;
        try (Stream<Path> files = Files.walk(place.get())) {
            long size = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) size += Files.size(file);
            return size;
        }
    }

    long mebibytes() {
        return Math.ceilDiv(weights + audio + keysAndValues + rest, 1L << 20);
    }

    /** Returns the Spark setting. */
    @Override
    public String toString() {
        return "spark.executor.memoryOverhead=" + mebibytes() + "m";
    }
}
