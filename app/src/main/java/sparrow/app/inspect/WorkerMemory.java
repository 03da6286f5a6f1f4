package sparrow.app.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.engine.transformer.Transformer;
import sparrow.models.SpokenModel;

/**
 * Memory that a worker of a cluster needs beside its heap, if containers are enforced: an estimate from above, since packed
 * weights and sound lie outside of the heap, and only the operating system counts them.
 *
 * @param weights of the language model, packed
 * @param audio files of the speech encoder and decoder, as large in memory
 * @param keysAndValues of a batch
 * @param rest the JVM, buffers and sounds on their way
 */
record WorkerMemory(long weights, long audio, long keysAndValues, long rest) {
    /** Questions that a study answers together, by default. */
    private static final int BATCH = 16;

    /** A question of half a minute and the longest reply that a study asks for, by default. */
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

    /** The setting of Spark. */
    @Override
    public String toString() {
        return "spark.executor.memoryOverhead=" + mebibytes() + "m";
    }
}
