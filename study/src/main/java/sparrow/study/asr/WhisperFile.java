package sparrow.study.asr;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import sparrow.formats.BadFileException;

/**
 * Checks that a whisper.cpp model file is complete. If a file is truncated, whisper.cpp either uses zeros for the
 * missing data or terminates the process. Files are written by whisper.cpp's models/convert-pt-to-ggml.py and contain a
 * magic number, sizes, mel filters, the vocabulary and tensors, all little-endian.
 */
final class WhisperFile {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int MAGIC = 0x67676d6c;

    /** Number of integers between the magic number and the mel filters. */
    private static final int SIZES = 11;

    /** Blocks by ggml type number: f32, f16, q4_0 to q8_0, q2_K to q6_K. */
    private static final Map<Integer, Block> BLOCKS = Map.ofEntries(
            Map.entry(0, new Block(1, 4)),
            Map.entry(1, new Block(1, 2)),
            Map.entry(2, new Block(32, 18)),
            Map.entry(3, new Block(32, 20)),
            Map.entry(6, new Block(32, 22)),
            Map.entry(7, new Block(32, 24)),
            Map.entry(8, new Block(32, 34)),
            Map.entry(10, new Block(256, 84)),
            Map.entry(11, new Block(256, 110)),
            Map.entry(12, new Block(256, 144)),
            Map.entry(13, new Block(256, 176)),
            Map.entry(14, new Block(256, 210)));

    private record Block(int numbers, int bytes) {}

    private final Path file;
    private final MemorySegment whole;
    private long at;

    private WhisperFile(Path file, MemorySegment whole) {
        this.file = file;
        this.whole = whole;
    }

    /**
     * Rejects an incomplete file.
     *
     * @throws BadFileException if the file is missing, of another kind, or truncated
     * @throws IOException if the file cannot be read
     */
    static void check(Path file) throws IOException {
        if (!Files.isRegularFile(file))
            throw new BadFileException(file, "expected a ggml model of Whisper, found no file");
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            new WhisperFile(file, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena)).check();
        }
    }

    private void check() {
        if (whole.byteSize() < 4 || next("magic") != MAGIC) {
            throw new BadFileException(file, "expected a ggml model of Whisper, found another kind of file");
        }
        skip(4 * SIZES, "sizes");
        int filters = count("mel filters");
        int filterLength = count("filter length");
        for (int i = 0; i < filters; i++) skip(4L * filterLength, "mel filters");
        int words = count("vocabulary");
        for (int i = 0; i < words; i++) skip(next("word " + i), "word " + i);
        do tensor();
        while (at < whole.byteSize());
    }

    private void tensor() {
        int dimensions = count("tensor dimensions");
        int nameBytes = count("tensor name");
        Block block = BLOCKS.get(next("tensor type"));
        if (block == null) throw new BadFileException(file, "tensor type", "expected one of " + BLOCKS.keySet());
        long numbers = 1;
        for (int i = 0; i < dimensions; i++) {
            numbers *= count("tensor size");
            // A number takes two bits or more. A product that exceeds the file size is rejected before it can overflow.
            if (numbers > 4 * whole.byteSize()) throw tooShort("tensor");
        }
        skip(nameBytes, "tensor name");
        skip(numbers / block.numbers * block.bytes, "tensor");
    }

    private int count(String name) {
        int value = next(name);
        if (value < 1) throw new BadFileException(file, name, "expected 1 or more, found " + value);
        return value;
    }

    private int next(String name) {
        long start = at;
        skip(4, name);
        return whole.get(I32, start);
    }

    private void skip(long bytes, String name) {
        if (bytes < 0 || bytes > whole.byteSize() - at) throw tooShort(name);
        at += bytes;
    }

    private BadFileException tooShort(String name) {
        return new BadFileException(file, name, "expected more bytes, found the end");
    }
}
