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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.weights.BadFileException;

/**
 * Looks through a model file of whisper.cpp before whisper.cpp does, which believes every length and size in it and ends
 * the process where one is wrong. Layout as models/convert-pt-to-ggml.py of that project writes it: magic, sizes, mel
 * filters, vocabulary, tensors, all little endian.
 */
final class WhisperFile {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int MAGIC = 0x67676d6c;

    /** Sizes in the order of the file; all published models are within these bounds. */
    private static final List<Size> SIZES = List.of(
            new Size("n_vocab", 51_864, 51_999),
            new Size("n_audio_ctx", 1_500, 1_500),
            new Size("n_audio_state", 1, 4_096),
            new Size("n_audio_head", 1, 256),
            new Size("n_audio_layer", 1, 128),
            new Size("n_text_ctx", 1, 4_096),
            new Size("n_text_state", 1, 4_096),
            new Size("n_text_head", 1, 256),
            new Size("n_text_layer", 1, 128),
            new Size("n_mels", 80, 128),
            // 16 bits or quantised: the convolutions of whisper.cpp end the process where a file is f32 (0).
            new Size("ftype", 1, 2_024));

    /** Numbers and bytes of a block, by ggml's type numbers: f32, f16, q4_0 to q8_0, q2_K to q6_K. */
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

    private record Size(String name, int least, int most) {}

    private record Block(int numbers, int bytes) {}

    private final Path file;
    private final MemorySegment whole;
    private long at;

    private WhisperFile(Path file, MemorySegment whole) {
        this.file = file;
        this.whole = whole;
    }

    /**
     * Refuses what whisper.cpp must not see.
     *
     * @throws BadFileException if the file is missing, of another kind, cut short, or holds a length beyond its end
     * @throws IOException if it cannot be read
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
        Map<String, Integer> sizes = new HashMap<>();
        for (Size size : SIZES) sizes.put(size.name, bounded(size));
        same(sizes, "n_audio_state", "n_text_state");
        whole(sizes, "n_audio_state", "n_audio_head");
        whole(sizes, "n_text_state", "n_text_head");
        int filters = bounded(new Size("mel filters", sizes.get("n_mels"), sizes.get("n_mels")));
        skip(4L * filters * bounded(new Size("filter length", 1, 1_024)), "mel filters");
        vocabulary(bounded(new Size("vocabulary", 1, sizes.get("n_vocab"))));
        while (at < whole.byteSize()) tensor();
    }

    private void same(Map<String, Integer> sizes, String one, String other) {
        if (!sizes.get(one).equals(sizes.get(other))) {
            throw new BadFileException(file, other, "expected " + sizes.get(one) + ", found " + sizes.get(other));
        }
    }

    private void whole(Map<String, Integer> sizes, String width, String heads) {
        if (sizes.get(width) % sizes.get(heads) != 0) {
            throw new BadFileException(
                    file, heads, "expected a divisor of " + sizes.get(width) + ", found " + sizes.get(heads));
        }
    }

    private void vocabulary(int words) {
        boolean space = false;
        for (int i = 0; i < words; i++) {
            int bytes = bounded(new Size("word " + i, 0, 1_024));
            skip(bytes, "word " + i);
            space |= bytes == 1 && whole.get(ValueLayout.JAVA_BYTE, at - 1) == ' ';
        }
        // Suppressed as the first word of a text, for which whisper.cpp looks it up.
        if (!space) throw new BadFileException(file, "vocabulary", "expected a space among its words");
    }

    private void tensor() {
        int dimensions = bounded(new Size("dimensions of a tensor", 1, 4));
        int nameBytes = bounded(new Size("name of a tensor", 1, 256));
        Block block = BLOCKS.get(next("type of a tensor"));
        if (block == null) throw new BadFileException(file, "type of a tensor", "expected one of " + BLOCKS.keySet());
        long numbers = 1;
        for (int i = 0; i < dimensions; i++) {
            numbers *= bounded(new Size("size of a tensor", 1, 1 << 16));
            // A number takes two bits or more. Beyond the file the product is not gone on with: it would overflow.
            if (numbers > 4 * whole.byteSize()) throw tooShort("tensor");
        }
        skip(nameBytes, "name of a tensor");
        skip(numbers / block.numbers * block.bytes, "tensor");
    }

    private int bounded(Size size) {
        int value = next(size.name);
        if (value < size.least || value > size.most) {
            throw new BadFileException(
                    file, size.name, "expected " + size.least + " to " + size.most + ", found " + value);
        }
        return value;
    }

    private int next(String what) {
        long start = at;
        skip(4, what);
        return whole.get(I32, start);
    }

    private void skip(long bytes, String what) {
        if (bytes > whole.byteSize() - at) throw tooShort(what);
        at += bytes;
    }

    private BadFileException tooShort(String what) {
        return new BadFileException(file, what, "expected more bytes, found the end");
    }
}
