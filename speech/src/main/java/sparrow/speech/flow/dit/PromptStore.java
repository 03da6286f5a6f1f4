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
import sparrow.formats.weights.AtomicFile;
import sparrow.formats.weights.CacheFolder;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.KernelTrial;
import sparrow.tensor.kernel.Kernels;

/**
 * Keeps flows after a voice on disk: to run a voice of four seconds through a flow of the published size takes seconds, to
 * read its memory a fraction of one. A file's name is a digest of all that the memory depends on. A file holds a digest, then the
 * numbers of the memory in an order that follows from flow and voice, as do their lengths, of which it says nothing. A
 * file of another length or digest is computed and written anew.
 *
 * <p>The files that were used last are kept, {@value #MOST_FILES} of them and at most 2 GiB. Without a folder that can be
 * written everything works, and takes its time.
 */
public final class PromptStore {
    private static final System.Logger LOG = System.getLogger(PromptStore.class.getName());

    /** Changes with the order of the numbers. */
    private static final String FORMAT = "sparrow flow after a voice 1";

    private static final String ENDING = ".prompt";
    static final int MOST_FILES = 4;
    private static final long MOST_BYTES = 2L << 30;
    private static final int DIGEST_BYTES = 32;

    /** Writing takes seconds: a part that is older was left by a process that was killed. */
    private static final Duration LEFT = Duration.ofHours(1);

    /** Bytes that a thread takes into a digest at a time. */
    private static final long PIECE = 16L << 20;

    private final Path folder;
    private final Path weights;

    /**
     * A store.
     *
     * @param folder for nothing else; made when something is kept
     * @param weights file of the flow
     */
    public PromptStore(Path folder, Path weights) {
        this.folder = folder;
        this.weights = weights;
    }

    /** As {@link DitFlow#prompted(Voice, DitFlow.Noise)}, to the bit: from the disk if it is there. */
    public PromptedFlow prompted(DitFlow flow, Voice voice, DitFlow.Noise noise) {
        byte[] key;
        Path file;
        try {
            key = key(flow, voice, noise);
            file = folder.resolve(HexFormat.of().formatHex(key) + ENDING);
            // The room for a memory is hundreds of megabytes: none is made without a file to fill it.
            if (Files.isRegularFile(file)) {
                FlowMemory memory = flow.room(voice);
                if (read(file, key, memory, flow.kernels().pool())) return flow.prompted(voice, memory);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no flow after a voice is read", e);
            return flow.prompted(voice, noise);
        }
        PromptedFlow prompted = flow.prompted(voice, noise);
        try {
            write(file, key, prompted.memory(), flow.kernels().pool());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no flow after a voice is kept", e);
        }
        return prompted;
    }

    private byte[] key(DitFlow flow, Voice voice, DitFlow.Noise noise) throws IOException {
        MessageDigest key = sha256();
        Kernels kernels = flow.kernels();
        String words =
                String.join("\n", FORMAT, ByteOrder.nativeOrder().toString(), kernels.arithmetic(), flow.identity());
        key.update(words.getBytes(StandardCharsets.UTF_8));
        for (double result : KernelTrial.results(kernels))
            key.update(Double.toHexString(result).getBytes(StandardCharsets.US_ASCII));
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

    /** Sets the numbers of a memory; false if the file is damaged. */
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
        boolean _ = file.toFile().setLastModified(System.currentTimeMillis()); // of a file that is good without it, too
        return true;
    }

    private void write(Path file, byte[] key, FlowMemory memory, ComputePool pool) throws IOException {
        List<MemorySegment> numbers = numbers(memory);
        if (bytes(numbers) > MOST_BYTES) return;
        CacheFolder.create(folder);
        makeRoom(bytes(numbers));
        byte[] digest = digest(key, numbers, pool);
        AtomicFile.writeConcurrently(file, content -> {
            content.write(ByteBuffer.wrap(digest));
            for (MemorySegment some : numbers) content.write(ByteBuffer.wrap(some.toArray(JAVA_BYTE)));
        });
    }

    /** Removes the files that were used longest ago, and the parts that killed processes have left, in the same order. */
    private void makeRoom(long bytes) throws IOException {
        long old = System.currentTimeMillis() - LEFT.toMillis();
        List<Path> newestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            // A part that is not old yet may be another process's, which still writes it.
            newestFirst = files.filter(file -> file.toString().endsWith(ENDING) || modified(file) < old)
                    .sorted(Comparator.comparingLong(PromptStore::modified).reversed())
                    .toList();
        }
        int count = 1;
        long sum = bytes;
        for (Path file : newestFirst) {
            count++;
            sum += Files.size(file);
            if (count > MOST_FILES || sum > MOST_BYTES) Files.deleteIfExists(file);
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

    /** A digest of the digests of pieces. */
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
