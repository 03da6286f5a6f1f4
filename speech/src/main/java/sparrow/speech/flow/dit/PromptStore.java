package sparrow.speech.flow.dit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import sparrow.formats.AtomicFile;
import sparrow.formats.CacheFolder;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Numerics;

/**
 * Caches prompted flows on disk. Processing a four-second voice with a flow of the published size takes seconds;
 * reading the memory from disk takes a fraction of a second. A file's name is a digest of everything that the memory
 * depends on. The file contains a digest and the memory's numbers, whose order and count are determined by flow and
 * voice. If a file's length or digest is wrong, the memory is computed again and the file is replaced.
 *
 * <p>At most {@value #MAX_FILES} files and 2 GiB are stored; the least recently used files are removed. If the folder
 * is not writable, every memory is computed.
 */
public final class PromptStore {
    private static final System.Logger LOG = System.getLogger(PromptStore.class.getName());

    /** Format name, which must change when the order of the numbers changes. */
    private static final String FORMAT = "sparrow flow after a voice 1";

    private static final String ENDING = ".prompt";
    static final int MAX_FILES = 4;
    private static final long MAX_BYTES = 2L << 30;
    private static final int DIGEST_BYTES = 32;

    /** Age at which a temporary file is considered abandoned by a killed process. Writing a file takes only seconds. */
    private static final Duration LEFT = Duration.ofHours(1);

    /** Number of bytes that a thread digests at a time. */
    private static final long PIECE = 16L << 20;

    private final Path folder;
    private final Path weights;

    /**
     * Creates a store for the flow of a weight file.
     *
     * @param folder folder for the files, which is created when the first file is written and must contain no other
     *     files
     * @param weights file with the flow's weights
     */
    public PromptStore(Path folder, Path weights) {
        this.folder = folder;
        this.weights = weights;
    }

    /**
     * Returns the voice's flow, from disk if it is stored there. The result is the same as that of
     * {@link DitFlow#prompted(Voice, DitFlow.Noise)}, bit for bit.
     */
    public PromptedFlow prompted(DitFlow flow, Voice voice, DitFlow.Noise noise) {
        byte[] key;
        Path file;
        try {
            key = key(flow, voice, noise);
            file = folder.resolve(HexFormat.of().formatHex(key) + ENDING);
            // Allocate the hundreds of megabytes of memory only if there is a file to read.
            if (Files.isRegularFile(file)) {
                FlowMemory memory = flow.room(voice);
                if (read(file, key, memory, flow.kernels().pool())) return flow.prompted(voice, memory);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot read a stored flow prompt", e);
            return flow.prompted(voice, noise);
        }
        PromptedFlow prompted = flow.prompted(voice, noise);
        try {
            write(file, key, prompted.memory(), flow.kernels().pool());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot store a flow prompt", e);
        }
        return prompted;
    }

    private byte[] key(DitFlow flow, Voice voice, DitFlow.Noise noise) throws IOException {
        MessageDigest key = sha256();
        Kernels kernels = flow.kernels();
        String numerics = Numerics.of(kernels, Kernels.class, PromptStore.class);
        String words = String.join("\n", FORMAT, ByteOrder.nativeOrder().toString(), numerics, flow.identity());
        key.update(words.getBytes(StandardCharsets.UTF_8));
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(weights)) {
            MemorySegment content = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            key.update(digest(List.of(content), flow.kernels().pool()));
        }
        key.update(MemorySegment.ofArray(voice.codes()).toArray(JAVA_BYTE));
        for (float[] values : List.of(voice.speaker(), voice.mel(), noise.first(voice.frames()))) {
            key.update(MemorySegment.ofArray(values).toArray(JAVA_BYTE));
        }
        return key.digest();
    }

    /** Reads the numbers of a memory. Returns false if the file is damaged. */
    private static boolean read(Path file, byte[] key, FlowMemory memory, ComputePool pool) throws IOException {
        List<MemorySegment> numbers = numbers(memory);
        if (Files.size(file) != bytes(numbers)) return false;
        byte[] digest = new byte[DIGEST_BYTES];
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment content = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            MemorySegment.ofArray(digest).copyFrom(content.asSlice(0, DIGEST_BYTES));
            long[] starts = new long[numbers.size()];
            long at = DIGEST_BYTES;
            for (int i = 0; i < starts.length; i++) {
                starts[i] = at;
                at += numbers.get(i).byteSize();
            }
            pool.forEach(starts.length, i -> {
                MemorySegment some = numbers.get(i);
                some.copyFrom(content.asSlice(starts[i], some.byteSize()));
            });
        }
        if (!Arrays.equals(digest, digest(key, numbers, pool))) return false;
        boolean _ = file.toFile()
                .setLastModified(System.currentTimeMillis()); // a failure affects only which files are removed first
        return true;
    }

    private void write(Path file, byte[] key, FlowMemory memory, ComputePool pool) throws IOException {
        List<MemorySegment> numbers = numbers(memory);
        if (bytes(numbers) > MAX_BYTES) return;
        CacheFolder.create(folder);
        makeRoom(bytes(numbers));
        byte[] digest = digest(key, numbers, pool);
        AtomicFile.writeConcurrently(file, content -> {
            content.write(ByteBuffer.wrap(digest));
            for (MemorySegment some : numbers) content.write(ByteBuffer.wrap(some.toArray(JAVA_BYTE)));
        });
    }

    /**
     * Removes the least recently used files until the new file fits. Old temporary files of killed processes are
     * included.
     */
    private void makeRoom(long bytes) throws IOException {
        long old = System.currentTimeMillis() - LEFT.toMillis();
        List<Path> newestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            // Another process may still be writing a recent temporary file.
            newestFirst = files.filter(file -> file.toString().endsWith(ENDING) || modified(file) < old)
                    .sorted(Comparator.comparingLong(PromptStore::modified).reversed())
                    .toList();
        }
        int count = 1;
        long sum = bytes;
        for (Path file : newestFirst) {
            count++;
            sum += Files.size(file);
            if (count > MAX_FILES || sum > MAX_BYTES) Files.deleteIfExists(file);
        }
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }

    private static List<MemorySegment> numbers(FlowMemory memory) {
        return memory.numbers().stream()
                .map(block -> MemorySegment.ofArray(block.data())
                        .asSlice(4L * block.offset(), 4L * block.rows() * block.columns()))
                .toList();
    }

    private static long bytes(List<MemorySegment> numbers) {
        return DIGEST_BYTES
                + numbers.stream().mapToLong(MemorySegment::byteSize).sum();
    }

    private static byte[] digest(byte[] key, List<MemorySegment> numbers, ComputePool pool) {
        MessageDigest digest = sha256();
        digest.update(key);
        return digest.digest(digest(numbers, pool));
    }

    /** Returns a digest of the digests of all pieces. */
    private static byte[] digest(List<MemorySegment> contents, ComputePool pool) {
        List<MemorySegment> pieces =
                contents.stream().flatMap(PromptStore::pieces).toList();
        byte[][] digests = new byte[pieces.size()][];
        pool.forEach(
                digests.length, i -> digests[i] = sha256().digest(pieces.get(i).toArray(JAVA_BYTE)));
        MessageDigest all = sha256();
        for (byte[] digest : digests) all.update(digest);
        return all.digest();
    }

    private static Stream<MemorySegment> pieces(MemorySegment content) {
        long size = content.byteSize();
        return Stream.iterate(0L, at -> at < size, at -> at + PIECE)
                .map(at -> content.asSlice(at, Math.min(PIECE, size - at)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
