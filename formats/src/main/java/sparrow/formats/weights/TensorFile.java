package sparrow.formats.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** A checkpoint that consists of one file and owns the memory of its tensors. Subclasses implement file formats. */
abstract class TensorFile implements Checkpoint {
    private final Source source;
    private final Map<String, Tensor> tensors;

    /**
     * The bytes of a file.
     *
     * @param state state of the file when it was mapped, or empty if its bytes were copied
     * @param arena arena that owns the bytes; closed with the checkpoint
     */
    record Source(Path file, Optional<MappedState> state, Arena arena, MemorySegment whole) {}

    TensorFile(Source source, Map<String, Tensor> tensors) {
        this.source = source;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps a file to memory and parses it.
     *
     * @throws BadFileException if the file is missing or is not a regular file, or if {@code parse} throws this
     *     exception
     * @throws IOException if the file cannot be read
     */
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    static <T extends TensorFile> T map(Path file, Function<Source, T> parse) throws IOException {
        if (Files.isDirectory(file)) throw new BadFileException(file, "expected a file, found a folder");
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            MappedState state = MappedState.of(file);
            MemorySegment whole = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            return parse.apply(new Source(file, Optional.of(state), arena, whole));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Returns the size of a tensor in bytes.
     *
     * @throws BadFileException if the size overflows a long
     */
    static long bytes(Path file, String key, DType dtype, List<Integer> shape) {
        try {
            long elements = 1;
            for (int size : shape) elements = Math.multiplyExact(elements, size);
            return dtype.bytes(elements);
        } catch (ArithmeticException e) {
            throw new BadFileException(
                    file, key, "shape " + Printable.of(shape.toString()) + " is larger than any file");
        }
    }

    /**
     * Checks that no tensors overlap, because the formats do not allow overlapping tensors.
     *
     * @param key the format's name for a tensor's position, for the message
     * @param data segment of which all tensors are slices
     */
    static void checkApart(Path file, String key, MemorySegment data, Map<String, Tensor> tensors) {
        long end = 0;
        String before = "";
        List<String> names = new ArrayList<>(tensors.keySet());
        names.removeIf(name -> tensors.get(name).data().byteSize() == 0);
        names.sort(Comparator.comparingLong(name -> place(tensors.get(name), data)));
        for (String name : names) {
            Tensor tensor = tensors.get(name);
            if (place(tensor, data) < end) {
                throw new BadFileException(
                        file, place(name), key + ": expected separate bytes, found an overlap with " + place(before));
            }
            end = place(tensor, data) + tensor.data().byteSize();
            before = name;
        }
    }

    private static long place(Tensor tensor, MemorySegment data) {
        return tensor.data().address() - data.address();
    }

    /** Returns a tensor's description for messages. */
    static String place(String name) {
        return "tensor " + Printable.of(name);
    }

    @Override
    public Path source() {
        return source.file;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) throw new MissingTensorException(source.file, name);
        return tensor;
    }

    @Override
    public void requireUnchanged() {
        source.state.ifPresent(MappedState::requireUnchanged);
    }

    @Override
    public void close() {
        source.arena.close();
    }

    /**
     * The state of a file when it was mapped. Reading a page after the file was truncated kills the process (SIGBUS),
     * and overwritten pages contain another model, so long operations check the state periodically. A truncation
     * between the check and the read is not detected, and Java cannot catch the signal.
     *
     * @param key identity of the file regardless of its name, or null if the file system does not support it
     */
    record MappedState(Path file, Object key, long size, FileTime modified) {
        static MappedState of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new MappedState(file, now.fileKey(), now.size(), now.lastModifiedTime());
        }

        /**
         * Throws an exception if the file was truncated or modified. A file that was deleted or replaced can still be
         * read.
         */
        void requireUnchanged() {
            MappedState now;
            try {
                now = of(file);
            } catch (IOException e) {
                return;
            }
            if (key != null && !key.equals(now.key)) return;
            if (size != now.size || !modified.equals(now.modified)) {
                throw new BadFileException(
                        file,
                        "was changed while it was in use (" + size + " bytes, now " + now.size
                                + "): open the model again");
            }
        }
    }
}
